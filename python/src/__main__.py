"""Entry of worker.zip: `python worker.zip --socket PATH`, or `--compile FOLDER` when an image is built."""
import sys

if __name__ == "__main__":
    if sys.argv[1:2] == ["--compile"]:
        from modelyard.compile.main import main
        sys.exit(main(*sys.argv[2:]))
    from modelyard.worker.main import main
    sys.exit(main(sys.argv[1:]))
