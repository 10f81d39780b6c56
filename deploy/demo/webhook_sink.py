#!/usr/bin/python3
"""A web server on loopback that takes every POST, keeps its JSON and shows it.

usage: webhook_sink.py [PORT]
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LARGEST_BODY_BYTES = 1024 * 1024


class WebhookSink:
    """Calls `on_post` with each JSON object, from a thread of its own."""

    def __init__(self, port, on_post):
        self.posts = []
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = min(int(self.headers.get("Content-Length", 0)), LARGEST_BODY_BYTES)
                try:
                    post = json.loads(self.rfile.read(length))
                except ValueError:
                    self.send_error(400, "no JSON")
                    return
                sink.posts.append(post)
                on_post(post)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


if __name__ == "__main__":
    WebhookSink(int(sys.argv[1]) if len(sys.argv) > 1 else 8080,
                lambda post: print(json.dumps(post, indent=2, ensure_ascii=False), flush=True))
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
