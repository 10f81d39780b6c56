// The example flow in a real Node-RED at a real broker: the lamp follows the alarms.
"use strict";

const {spawn} = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const test = require("node:test");

const mqtt = require("mqtt");

const patient = require("../tools/waiting.js");

const kFlow = path.resolve(__dirname, "..", "..", "deploy", "node-red", "flows.json");
const kWaitMs = 60000;

const waitUntil = (condition, what) => patient.waitUntil(condition, what, kWaitMs);

test("the lamp follows the alarms", async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "coldwatch-flow-"));
  const port = await patient.freePort();
  const started = [];
  t.after(() => {
    started.forEach((process) => process.kill("SIGKILL"));
    fs.rmSync(folder, {recursive: true, force: true});
  });
  fs.writeFileSync(path.join(folder, "mosquitto.conf"), `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  started.push(spawn("/usr/sbin/mosquitto", ["-c", path.join(folder, "mosquitto.conf")], {stdio: "ignore"}));

  const hand = mqtt.connect(`mqtt://127.0.0.1:${port}`, {reconnectPeriod: 100});
  t.after(() => hand.end(true));
  const last = {};
  hand.on("message", (topic, payload) => { last[topic] = payload.toString(); });
  hand.subscribe("lab/#");
  const alarm = (fridge, rule, state, kind = "alarm") => hand.publish(
    `coldwatch/lab/${fridge}/alarm/${rule}`, JSON.stringify({state, kind, text: "it is warm"}),
    {qos: 1, retain: true});
  const expect = (lamp, words) => waitUntil(
    () => last["lab/lamp"] === lamp && last["lab/words"] === words,
    () => `${lamp}, ${words}; it is ${last["lab/lamp"]}, ${last["lab/words"]}`);

  alarm("bf1", "mc_hi", "active");  // it was there before Node-RED
  fs.copyFileSync(kFlow, path.join(folder, "flows.json"));
  fs.writeFileSync(path.join(folder, "settings.js"),
                   "module.exports = {httpAdminRoot: false, httpNodeRoot: false, flowFile: 'flows.json'};\n");
  started.push(spawn(process.execPath,
                     [path.join(__dirname, "node_modules", "node-red", "red.js"), "--userDir", folder,
                      "--port", String(await patient.freePort())],
                     {stdio: "ignore", env: {...process.env, MQTT_HOST: "127.0.0.1", MQTT_PORT: String(port)}}));
  await expect("red", "bf1 mc_hi: it is warm");
  alarm("tr2", "water", "active");
  await expect("red", "bf1 mc_hi: it is warm\ntr2 water: it is warm");
  alarm("tr2", "filled", "active", "notice");
  alarm("bf1", "mc_hi", "unknown");  // its log has stopped: that is no end
  alarm("tr2", "water", "normal");
  await expect("red", "bf1 mc_hi: it is warm");
  hand.publish("coldwatch/lab/bf1/alarm/mc_hi", "", {qos: 1, retain: true});  // the rule was removed
  await expect("green", "all quiet");
});
