"""Models as ONNX: converts one inside the environment it was trained with, and writes down what it answers itself."""
