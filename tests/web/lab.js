// A lab for the page: a real broker that serves it, a real bridge, and a hand that plays the agents.
"use strict";

const {execFileSync, spawn} = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const kProject = path.resolve(__dirname, "..", "..");
const kWeb = path.join(kProject, "deploy", "web");
const kWaitMs = 15000;

const mqtt = require("mqtt");
const {chromium} = require("playwright-core");

const patient = require("../tools/waiting.js");

const waitUntil = (condition, what) => patient.waitUntil(condition, () => what, kWaitMs);

class Lab {
  async start() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "coldwatch-page-"));
    this.page = path.join(this.folder, "www");
    execFileSync(path.join(kWeb, "build.sh"), [this.page], {stdio: "ignore"});
    [this.port, this.webPort] = [await patient.freePort(), await patient.freePort()];
    fs.writeFileSync(path.join(this.folder, "mosquitto.conf"), [
      "user root", `listener ${this.port} 127.0.0.1`, `listener ${this.webPort} 127.0.0.1`,
      "protocol websockets", `http_dir ${this.page}`, "allow_anonymous true", ""].join("\n"));
    fs.writeFileSync(path.join(this.folder, "bridge.json"), JSON.stringify({
      bridge: "main", broker: {uri: `mqtt://127.0.0.1:${this.port}`, commands: "allow"},
      store: this.folder + "/store.db",
      start_grace: "1s", grouping: {group_wait: "1s", critical_wait: "1s"},
      notifiers: [{name: "screen", type: "console"}]}));
    await this.startBroker();
    await this.startBridge();
    this.seq = 0;
  }

  async startBroker() {
    this.broker = spawn("/usr/sbin/mosquitto", ["-c", path.join(this.folder, "mosquitto.conf")],
                        {stdio: "ignore"});
    if (this.hand) this.hand.end(true);
    this.hand = mqtt.connect(`mqtt://127.0.0.1:${this.port}`, {reconnectPeriod: 100});
    this.hand.on("error", () => {});
    await waitUntil(() => this.hand.connected, "the broker answers");
  }

  async startBridge() {
    const build = process.env.COLDWATCH_BUILD || path.join(kProject, "build", "release");
    this.bridge = spawn(path.join(build, "coldwatch-bridge"),
                        ["run", "--config", path.join(this.folder, "bridge.json")], {stdio: "ignore"});
    await this.heard("_bridge/main/status", (payload) => payload === "online");
  }

  /// Waits for a message on a topic of the lab that `accept`s.
  async heard(topic, accept) {
    const full = "coldwatch/lab/" + topic;
    const found = [];
    const listen = (heardTopic, payload) => {
      if (heardTopic === full && accept(payload.toString())) found.push(payload.toString());
    };
    this.hand.on("message", listen);
    await this.hand.subscribeAsync(full, {qos: 1});
    await waitUntil(() => found.length > 0, "a message on " + topic);
    this.hand.off("message", listen);
    return found[0];
  }

  say(topic, payload, retain = true) {
    const text = typeof payload === "string" ? payload : JSON.stringify(payload);
    return this.hand.publishAsync("coldwatch/lab/" + topic, text, {qos: 1, retain});
  }

  info(name, values) {
    const units = {K: "temperature", mBar: "pressure", C: "temperature"};
    return this.say(name + "/info", {schema: 1, version: "0.1.0", epoch: "e", format: "vcl",
      channels: Object.entries(values).map(([label, [, unit]]) => (
        {key: label.replaceAll(" ", "_") + "_" + unit, name: `${label} (${unit})`, unit, quantity: units[unit]}))});
  }

  /// A fridge that reports, as an agent does.
  async fridge(name, values) {
    const now = Date.now();
    await this.info(name, values);
    await this.say(name + "/status", "online");
    await this.say(name + "/health", {t: new Date(now).toISOString(), epoch: "e", n: 1, log: "live",
                                      row_age_s: 4, phase: "base"}, false);
    for (let minute = 30; minute >= 0; --minute) {
      const row = {t: new Date(now - minute * 60000).toISOString()};
      for (const [label, [value, unit]] of Object.entries(values)) {
        row[label.replaceAll(" ", "_") + "_" + unit] = value * (1 + 0.02 * Math.sin(minute / 4));
      }
      await this.say(name + "/live", row, false);
    }
  }

  alarm(fridge, rule, state, extra = {}) {
    const now = new Date().toISOString();
    return this.say(`${fridge}/alarm/${rule}`, {state, kind: "alarm", severity: "critical", t: now, since: now,
      text: "Cooling water is too warm", value: 31.4, unit: "C", limit: 29, epoch: "e", seq: ++this.seq,
      id: `${fridge}-${this.seq}`, latch: false, rules_rev: "r", channel: "Output_Water_Temp",
      playbook: "Look at the chiller; stop the pulse tube before 40 °C.", ...extra});
  }

  stop() {
    if (this.hand) this.hand.end(true);
    for (const process of [this.bridge, this.broker]) if (process) process.kill("SIGKILL");
    fs.rmSync(this.folder, {recursive: true});
  }
}

function launchBrowser() {
  return chromium.launch({executablePath: "/usr/bin/chromium", args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"]});
}

module.exports = {Lab, launchBrowser, waitUntil, kProject};
