// What tests with real programs need in JavaScript: a free port, and patience.
"use strict";

const assert = require("node:assert");
const net = require("node:net");

const kPollMs = 50;

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.listen(0, "127.0.0.1", () => {
      const {port} = server.address();
      server.close(() => resolve(port));
    });
  });
}

/// What `condition` gives once it is true; fails with the words of `what()` after `limitMs`.
async function waitUntil(condition, what, limitMs) {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    assert.ok(Date.now() < end, "still not: " + what());
    await new Promise((resolve) => setTimeout(resolve, kPollMs));
  }
}

module.exports = {freePort, waitUntil};
