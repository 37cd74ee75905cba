"""A backend with a fixed number of workers: each accepts a connection, serves one request and closes it.

argv[1] holds its options as JSON (WorkersOptions in ../stage.ts): where to listen, how many workers, the length of
the accept queue, HTTP or FastCGI, rules. A line on standard input is a new list of rules. Prints `ready`, and one
JSON line for everything that it did wrong on purpose.
"""
import json
import os
import random
import socket
import struct
import sys
import threading
import time

options = json.loads(sys.argv[1])
rules = options.get("rules", [])
speaks_fastcgi = options.get("protocol") == "fastcgi"
lock = threading.Lock()


def say(line):
    with lock:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def follow_rules():
    global rules
    for line in sys.stdin:
        rules = json.loads(line)
    os._exit(0)


def read_exactly(connection, length):
    data = b""
    while len(data) < length:
        more = connection.recv(length - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def read_http(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    missing = int(headers.get("content-length", 0)) - len(body)
    if missing > 0:
        read_exactly(connection, missing)
    return method, path, headers.get("x-lab")


def read_fastcgi(connection):
    """Records until the end of the input stream (FastCGI specification, 3.3 and 5)."""
    names = b""
    while True:
        _, kind, _, length, padding, _ = struct.unpack("!BBHHBB", read_exactly(connection, 8))
        content = read_exactly(connection, length)
        read_exactly(connection, padding)
        if kind == 4:
            names += content
        if kind == 5 and length == 0:
            break
    parameters = {}
    at = 0

    def size():
        nonlocal at
        if names[at] < 128:
            at += 1
            return names[at - 1]
        at += 4
        return struct.unpack("!I", names[at - 4 : at])[0] & 0x7FFFFFFF

    while at < len(names):
        name_length, value_length = size(), size()
        name = names[at : at + name_length].decode("latin-1")
        at += name_length
        parameters[name] = names[at : at + value_length].decode("latin-1")
        at += value_length
    return parameters.get("REQUEST_METHOD", "GET"), parameters.get("REQUEST_URI", "/"), parameters.get("HTTP_X_LAB")


def record(kind, content):
    return struct.pack("!BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def answer(connection, rule, method):
    status = rule.get("status", 201 if method == "POST" else 200)
    body = b"z" * rule.get("bytes", random.randint(300, 5000))
    if not speaks_fastcgi:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + body)
        return
    if "stderr" in rule:
        connection.sendall(record(7, rule["stderr"].encode()))
    head = f"Status: {status} X\r\nContent-Type: text/html\r\n\r\n".encode()
    connection.sendall(record(6, head + body) + record(6, b"") + record(3, b"\0" * 8))


def matching(method, path):
    for rule in rules:
        if path.startswith(rule.get("path", "/")) and method == rule.get("method", method):
            if random.random() < rule.get("share", 1):
                return rule
    return {}


def serve(connection):
    method, path, n = (read_fastcgi if speaks_fastcgi else read_http)(connection)
    rule = matching(method, path)
    low, high = rule.get("ms", options.get("ms", [8, 40]))
    time.sleep(random.uniform(low, high) / 1000)
    do = rule.get("do", "answer")
    if do != "answer" or rule.get("status", 200) >= 500:
        say(json.dumps({"n": n, "did": do if do != "answer" else f"answer {rule['status']}"}))
    if do == "close":
        return
    if do == "exit":
        os._exit(1)
    answer(connection, rule, method)


def work(listening):
    while True:
        connection, _ = listening.accept()
        try:
            serve(connection)
        except OSError:
            pass
        finally:
            connection.close()


def listen():
    if "path" in options:
        if os.path.exists(options["path"]):
            os.unlink(options["path"])
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(options["path"])
        os.chmod(options["path"], int(options.get("mode", "666"), 8))
    else:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((options["address"], options["port"]))
    listening.listen(options.get("backlog", 128))
    return listening


listening = listen()
for _ in range(options["workers"]):
    threading.Thread(target=work, args=(listening,), daemon=True).start()
say("ready")
follow_rules()
