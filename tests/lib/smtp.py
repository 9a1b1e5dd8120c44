#!/usr/bin/python3
"""A mail server for tests: takes letters on a port of this machine and writes what it saw, a line of JSON each.

smtp.py PORT [CERTIFICATE KEY]: with a certificate it wants STARTTLS and the login courrier, mot:de:passe. It answers by the local part of the reader: refuse... 550, grey... 451 the first time, hang... takes the letter and
never answers, full... 452; anybody else is taken. Nothing leaves the machine.
"""
import asyncio
import json
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Handler:
    def __init__(self):
        self.seen = set()

    def say(self, **what):
        print(json.dumps(what), flush=True)

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split("@")[0]
        self.say(rcpt=address, sender=envelope.mail_from)
        if name.startswith("refuse"):
            return "550 5.1.1 No such user"
        if name.startswith("full"):
            return "452 4.2.2 Mailbox full"
        if name.startswith("grey") and name not in self.seen:
            self.seen.add(name)
            return "451 4.7.1 Greylisted, please try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.say(to=envelope.rcpt_tos, letter=envelope.content.decode("latin-1"))
        if envelope.rcpt_tos[0].startswith("hang"):
            await asyncio.sleep(3600)
        return "250 2.0.0 Taken"


handler = Handler()


def login(server, session, envelope, mechanism, data):
    is_right = (data.login, data.password) == (b"courrier", b"mot:de:passe")
    handler.say(login=data.login.decode(), right=is_right, tls=session.ssl is not None)
    return AuthResult(success=is_right, handled=is_right)


options = {}
if len(sys.argv) > 2:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    options = dict(tls_context=context, require_starttls=True, authenticator=login, auth_required=True)
controller = Controller(handler, hostname="127.0.0.1", port=int(sys.argv[1]), ready_timeout=20, **options)
controller.start()
print(json.dumps({"ready": True}), flush=True)
sys.stdin.read()
