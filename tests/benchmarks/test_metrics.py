import numpy as np
import pytest

from benchmarks import metrics


def test_calibration_error_of_an_honest_and_of_a_boasting_model():
    right = np.array([True] * 8 + [False] * 2)
    assert metrics.expected_calibration_error(np.full(10, 0.8), right) == pytest.approx(0)
    assert metrics.expected_calibration_error(np.full(10, 1.0), right) == pytest.approx(0.2)


def test_rejection_counts_what_falls_below_the_limit_of_what_is_kept():
    inside = np.array([True] * 20 + [False] * 4)
    score = np.concatenate([np.linspace(0.5, 1.0, 20), [0.1, 0.2, 0.3, 0.9]])
    assert metrics.rejected(inside, score) == 0.75
    assert metrics.auroc(inside, score) == pytest.approx((3 + 4 / 20) / 4)


def test_risk_rises_with_coverage_when_the_surest_are_right():
    coverage, risk = metrics.risk_coverage(np.array([0.9, 0.8, 0.1]), np.array([True, True, False]))
    assert coverage.tolist() == pytest.approx([1 / 3, 2 / 3, 1])
    assert risk.tolist() == pytest.approx([0, 0, 1 / 3])


def test_macro_f1_counts_every_label_alike():
    assert metrics.macro_f1(["a", "a", "a", "b"], ["a", "a", "a", "a"]) == pytest.approx((6 / 7) / 2)
