"""`python -m modelyard.worker --socket PATH`, for a worker that is not zipped."""
import sys

from modelyard.worker.main import main

sys.exit(main(sys.argv[1:]))
