"""How many rows a frame should have is measured before a worker is ready."""
import os
import sys
import time
import unittest
from unittest import mock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "src"))
from modelyard.worker import warm_up  # noqa: E402


def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


class Model:
    n_features_in_ = 3

    def __init__(self, once, each):
        self.once, self.each, self.calls = once, each, []

    def predict(self, rows):
        self.calls.append(len(rows))
        burn(self.once + self.each * len(rows))
        return [1.0] * len(rows)


class FrameRows(unittest.TestCase):
    # the budget is of the clock, and a loaded machine may use it up at the first step
    @mock.patch.object(warm_up, "_BUDGET", 600)
    def test_rows_that_are_cheaper_together_go_together(self):
        self.assertEqual(warm_up.frame_rows(Model(0.01, 0)), 1024)

    @mock.patch.object(warm_up, "_BUDGET", 600)
    def test_rows_that_each_cost_the_same_stay_few(self):
        self.assertEqual(warm_up.frame_rows(Model(0, 0.0003)), 64)

    def test_a_slow_model_is_not_called_again_and_again(self):
        model = Model(0, 0.3)
        self.assertEqual(warm_up.frame_rows(model), 64)
        self.assertEqual(model.calls, [1])

    def test_nothing_is_measured_where_it_cannot_be(self):
        class Words(Model):
            def predict(self, rows):
                raise ValueError("words only")

        class Unknown:
            @property
            def n_features_in_(self):
                raise RuntimeError("not fitted")

        for model in (object(), Unknown(), Words(0, 0)):
            self.assertIsNone(warm_up.frame_rows(model))


if __name__ == "__main__":
    unittest.main()
