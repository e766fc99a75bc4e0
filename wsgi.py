"""The application for servers (`wsgi:app`) and, run as a program, the server itself."""

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()  # before any other import, so that every library waits cooperatively

import sys

from quizapp import create_app, serving
from quizapp.config import BadSetting

try:
    app = create_app()
except BadSetting as flaw:
    sys.exit(f"Chưa chạy được: {flaw}")

if __name__ == "__main__":
    serving.run(app)
