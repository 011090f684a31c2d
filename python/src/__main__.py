"""Entry of worker.zip: `python worker.zip --socket PATH`."""
import sys

from modelyard.worker.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
