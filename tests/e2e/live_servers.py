"""The servers of fridges' control programs, scripted: they speak the replies that are known of the real
ones, well or badly, and remember every byte that they receive."""

import json
import socketserver
import struct
import threading
import time


def triton(line):
    """33576, of a fridge with two thermometers, a gauge and a pulse tube."""
    values = {"DEV:T1:TEMP:SIG:TEMP": "1.47628K", "DEV:T8:TEMP:SIG:TEMP": "INVALID",
              "DEV:P1:PRES:SIG:PRES": "1013.2mB", "DEV:C1:PTC:SIG:MCUR": "21.4A",
              "DEV:C1:PTC:SIG:STATE": "ON", "SYS:DR:STATUS": "OK", "SYS:DR:ACTN": "NONE"}
    what = line.decode().strip().removeprefix("READ:")
    return f"STAT:{what}:{values.get(what, 'NOT_FOUND')}\r\n".encode()


def dr200(_line):
    sensor = "channel: {0}; name: {1}; 0; 0; 0; 0; resistance: {2}; temperature: {3}; on\n"
    return (sensor.format(1, "PT2 Plate", 31.5, 3.11) + sensor.format(2, "M/C X55751", 2216.35, 0.0147)
            + "<end>").encode()


def leiden(line):
    return f"{float(line) + 18.900105:.6f}\r\n".encode()


def ppms(line):
    return {b"READT\r\n": b"2.950000000e+02\r\n", b"READB\r\n": b"0.000000000e+00\r\n"}[line]


def qd_named(line):
    return {b"TEMP?\r\n": b'"TEMP?", 296.000,"K","Stable"\r\n',
            b"FIELD?\r\n": b'"FIELD?", 0.00,"Oe","Stable"\r\n',
            b"CHAMBER?\r\n": b'"CHAMBER?","Sealed"\r\n'}[line]


def qd_silent(line):
    return {b"TEMP?\r\n": b"0, 1, 300.0\r\n", b"FELD?\r\n": b"0, 4, 0.0\r\n",
            b"CHAT?\r\n": b"0, 1, 299.0\r\n", b"CHAM?\r\n": b"0, 3\r\n"}[line]


class Scripted:
    """Answers each line with `answer(line)`. `greeting` comes first; `pieces_s` sends the answers byte by
    byte with so long between them; `lives` connections are served before all others are closed at once.
    """

    def __init__(self, answer, greeting=b"", pieces_s=None, close_after=None):
        self.lines = []
        self.connections = 0
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                outer.connections += 1
                self.wfile.write(greeting)
                served = 0
                while line := self.rfile.readline():
                    outer.lines.append(line)
                    self.say(answer(line))
                    served += 1
                    if served == close_after:
                        return

            def say(self, reply):
                if pieces_s is None:
                    self.wfile.write(reply)
                    return
                for i in range(len(reply)):
                    self.wfile.write(reply[i:i + 1])
                    time.sleep(pieces_s)

        self._serve(Handler)

    def _serve(self, handler):
        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_arguments):
                pass

        self.server = Server(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class MultiPyVu(Scripted):
    """Messages of a length, a JSON header and a JSON body; `lines` are the actions."""

    RESULTS = {"START": "Connected to DYNACOOL MultiVuServer", "TEMP?": "300.0,K,Stable",
               "FIELD?": "0.0,Oe,Holding (Driven)", "CHAMBER?": "Sealed"}

    def __init__(self):
        self.lines = []
        self.connections = 0
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                outer.connections += 1
                while length := self.rfile.read(2):
                    header = json.loads(self.rfile.read(struct.unpack(">H", length)[0]))
                    body = json.loads(self.rfile.read(header["content-length"]))
                    outer.lines.append(body["action"].encode())
                    body["result"] = MultiPyVu.RESULTS[body["action"]]
                    self.send(json.dumps(body).encode())

            def send(self, body):
                header = json.dumps({"byteorder": "little", "content-type": "text/json",
                                     "content-encoding": "utf-8",
                                     "content-length": len(body)}).encode()
                self.wfile.write(struct.pack(">H", len(header)) + header + body)

        self._serve(Handler)
