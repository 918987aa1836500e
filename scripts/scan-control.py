"""A page with a hole: what is asked for stands in the statement as it came. Only to see that sqlmap finds such a thing.

Listens on this machine alone, on a free port that it prints, with a database of three rows in memory.
"""

import http.server
import sqlite3
import urllib.parse


class Hole(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        wanted = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query).get("id", ["0"])[0]
        database = sqlite3.connect(":memory:")
        database.executescript("create table locks (id int, name text); insert into locks values (1, 'rim'), (2, 'mortice'), (3, 'padlock')")
        try:
            rows = database.execute("select id, name from locks where id = " + wanted).fetchall()
            status, body = 200, "".join(f"<p>{row[0]}: {row[1]}</p>" for row in rows)
        except sqlite3.Error as error:
            status, body = 500, f"<p>{error}</p>"
        self.send_response(status)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(f"<html><body>{body}</body></html>".encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hole)
print(server.server_port, flush=True)
server.serve_forever()
