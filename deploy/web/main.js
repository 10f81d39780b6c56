// Connects to the broker over WebSocket and keeps the view up to date. Settings stand in the address:
// ?broker=wss://host:8443&root=coldwatch&user=viewer; without them the page's own host is asked.
"use strict";

const kRedrawMs = 1000;
const kRememberMs = 60000;
const kStoredHistory = "coldwatch-history";

const address = new URLSearchParams(location.search);
const root = address.get("root") || "coldwatch";
const model = newModel();

function remembered(key, fallback) {
  try {
    return localStorage.getItem("coldwatch-" + key) || fallback;
  } catch (error) {
    return fallback;  // a browser may forbid storage; the page works without
  }
}

function remember(key, value) {
  try {
    localStorage.setItem("coldwatch-" + key, value);
  } catch (error) {
    // as above: forgetting is harmless
  }
}

function brokerAddress() {
  if (address.get("broker")) return address.get("broker");
  return (location.protocol === "https:" ? "wss://" : "ws://") + location.host;
}

function credentials() {
  const user = address.get("user");
  if (!user) return {};
  let password = sessionStorage.getItem("coldwatch-password");
  if (password === null) {
    password = prompt("Password of " + user) || "";
    sessionStorage.setItem("coldwatch-password", password);
  }
  return {username: user, password};
}

let language = remembered("language", (navigator.language || "en").startsWith("zh") ? "zh" : "en");
const client = mqtt.connect(brokerAddress(), {
  protocolVersion: 5, clean: true, reconnectPeriod: 2000, connectTimeout: 5000, keepalive: 15,
  ...credentials(),
});

function personName() {
  const name = prompt(view.words("askName"), remembered("name", ""));
  if (name) remember("name", name);
  return name;
}

function command(alarm, verb, payload) {
  client.publish([root, alarm.site, "_bridge", alarm.bridge, "cmd", verb].join("/"),
                 JSON.stringify(payload), {qos: 1});
}

const view = new View(coldwatchTexts[language], {
  redraw: () => view.show(model, Date.now()),
  acknowledge: (alarm) => {
    const by = personName();
    if (!by) return;
    const note = prompt(view.words("askNote"), "");
    if (note === null) return;
    command(alarm, "ack", {fridge: alarm.fridge, rule: alarm.rule, by, note});
  },
  shelve: (alarm, hours) => {
    const by = personName();
    if (!by) return;
    const what = alarm.fridge + " " + alarm.rule;
    const why = prompt(view.words("askWhy", {what, time: hours + " h"}), "");
    if (!why) return;
    command(alarm, "shelve", {match: {fridge: alarm.fridge, rule: alarm.rule}, for: hours + "h", by, why});
  },
});

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  remember("theme", theme);
}

function restoreHistory() {
  try {
    const stored = JSON.parse(localStorage.getItem(kStoredHistory) || "{}");
    for (const [id, history] of Object.entries(stored)) {
      const [site, name] = id.split("/");
      takeMessage(model, [root, site, name, "health"].join("/"), "", Date.now());
      Object.assign(model.fridges[id].history, history);
    }
  } catch (error) {
    localStorage.removeItem(kStoredHistory);
  }
}

function storeHistory() {
  const histories = Object.fromEntries(
    Object.values(model.fridges).map((fridge) => [fridge.id, fridge.history]));
  try {
    localStorage.setItem(kStoredHistory, JSON.stringify(histories));
  } catch (error) {
    // full: the curves begin anew after the next reload, nothing else is lost
  }
}

client.on("connect", () => {
  model.connected = true;
  model.lostSince = null;
  client.subscribe([root + "/+/+/status", root + "/+/+/info", root + "/+/+/health", root + "/+/+/live",
                    root + "/+/+/alarm/+", root + "/+/_bridge/+/#"]);
});
client.on("close", () => {
  if (model.connected || model.lostSince === null) model.lostSince = Date.now();
  model.connected = false;
});
client.on("message", (topic, payload) => takeMessage(model, topic, payload.toString(), Date.now()));

document.getElementById("language").addEventListener("click", () => {
  language = language === "en" ? "zh" : "en";
  remember("language", language);
  document.documentElement.lang = language;
  view.setTexts(coldwatchTexts[language]);
  view.show(model, Date.now());
});
document.getElementById("theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.body).getPropertyValue("--dark").trim() === "1";
  setTheme(dark ? "light" : "dark");
});
document.documentElement.lang = language;
if (remembered("theme", "")) document.documentElement.dataset.theme = remembered("theme", "");
restoreHistory();
setInterval(() => view.show(model, Date.now()), kRedrawMs);
setInterval(storeHistory, kRememberMs);
addEventListener("pagehide", storeHistory);
view.show(model, Date.now());
