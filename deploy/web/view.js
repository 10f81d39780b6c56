// Shows a model. Elements are made once and only their texts change, so that nothing flickers and a
// finger finds its button. Payload text only ever becomes textContent, never markup.
"use strict";

const kShownChannels = 8;
const kSparkWidth = 96;
const kSparkHeight = 26;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function setClass(target, className) {
  if (target.className !== className) target.className = className;
}

/// Makes the children of `parent` show `items`: made by `make`, brought up to date by `update`, known
/// again by `keyOf`, in the order of the items.
function showList(parent, items, keyOf, make, update) {
  const known = parent.shownByKey || (parent.shownByKey = new Map());
  const wanted = new Set(items.map(keyOf));
  for (const [key, child] of known) {
    if (wanted.has(key)) continue;
    child.remove();
    known.delete(key);
  }
  items.forEach((item, index) => {
    const key = keyOf(item);
    if (!known.has(key)) known.set(key, make(item));
    const child = known.get(key);
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] || null);
    update(child, item);
  });
}

class View {
  constructor(texts, actions) {
    this.actions = actions;
    this.expanded = new Set();
    this.setTexts(texts);
  }

  setTexts(texts) {
    this.texts = texts;
    for (const [id, key] of [["alarms-title", "alarms"], ["fridges-title", "fridges"],
                             ["delivered-title", "delivered"], ["language", "language"]]) {
      document.getElementById(id).textContent = texts[key];
    }
  }

  words(key, values) {
    return fillText(this.texts[key], values || {});
  }

  duration(seconds) {
    const units = this.texts.units;
    const s = Math.max(0, Math.round(seconds));
    if (s < 60) return s + " " + units.s;
    if (s < 3600) return Math.floor(s / 60) + " " + units.min;
    if (s < 86400) return Math.floor(s / 3600) + " " + units.h + " " + Math.floor((s % 3600) / 60) + " " + units.min;
    return Math.floor(s / 86400) + " " + units.d + " " + Math.floor((s % 86400) / 3600) + " " + units.h;
  }

  clock(time, now) {
    const when = new Date(time);
    const sameDay = when.toDateString() === new Date(now).toDateString();
    const options = {hour: "2-digit", minute: "2-digit", hourCycle: "h23"};
    if (!sameDay) Object.assign(options, {day: "numeric", month: "short"});
    return when.toLocaleString(this.texts === coldwatchTexts.zh ? "zh-CN" : "en-GB", options);
  }

  number(value) {
    if (value === 0) return "0";
    const size = Math.abs(value);
    if (size >= 1e5 || size < 1e-3) return value.toExponential(2);
    return String(Number(value.toPrecision(4)));
  }

  /// Millikelvins read better than 0.0098 K; every other value stands in the unit of its log.
  reading(value, unit) {
    if (unit === "K" && value !== 0 && Math.abs(value) < 0.1) return this.reading(value * 1000, "mK");
    return this.number(value) + (unit ? "\u00a0" + (unit === "C" ? "°C" : unit) : "");
  }

  /// The column's own name, without the unit that stands behind the value.
  channelName(channel) {
    const ending = "(" + channel.unit + ")";
    return channel.unit && channel.name.endsWith(ending) ? channel.name.slice(0, -ending.length).trim()
                                                         : channel.name;
  }

  show(model, now) {
    this.showWarnings(model, now);
    this.showAlarms(openAlarms(model), now);
    this.showFridges(model, now);
    this.showDeliveries(model, now);
  }

  showWarnings(model, now) {
    const list = warnings(model, now);
    const texts = list.map((one) => this.words(one.kind, {name: one.name || "",
                                                          time: one.time ? this.clock(one.time, now) : ""}));
    if (!model.connected && model.lostSince === null) texts.push(this.words("connecting"));
    showList(document.getElementById("warnings"), texts, (text) => text,
             (text) => element("p", "", text), () => {});
    document.body.classList.toggle("old", !model.connected);
  }

  showAlarms(alarms, now) {
    const worst = alarms.length > 0 ? alarms[0].severity : "quiet";
    setClass(document.getElementById("banner"), "banner " + worst);
    setText(document.getElementById("count"), alarms.length === 0 ? this.words("allQuiet")
                                                                  : String(alarms.length));
    document.title = (alarms.length > 0 ? "(" + alarms.length + ") " : "") + this.texts.title;
    showList(document.getElementById("alarms"), alarms,
             (alarm) => [alarm.site, alarm.fridge, alarm.rule].join("/"),
             (alarm) => this.makeAlarm(alarm), (row, alarm) => this.updateAlarm(row, alarm, now));
  }

  makeAlarm() {
    const row = element("li", "alarm");
    row.what = element("div", "what");
    row.fridge = element("strong", "fridge");
    row.words = element("span", "words");
    row.what.append(row.fridge, row.words);
    row.detail = element("div", "detail");
    row.playbook = element("div", "playbook");
    row.buttons = element("div", "buttons");
    row.acknowledge = element("button", "", "");
    row.acknowledge.addEventListener("click", () => this.actions.acknowledge(row.alarm));
    row.buttons.append(row.acknowledge);
    row.shelves = [1, 4, 12].map((hours) => {
      const button = element("button", "minor", "");
      button.addEventListener("click", () => this.actions.shelve(row.alarm, hours));
      row.buttons.append(button);
      return [button, hours];
    });
    row.append(row.what, row.detail, row.playbook, row.buttons);
    return row;
  }

  updateAlarm(row, alarm, now) {
    row.alarm = alarm;
    const acknowledged = alarm.state === "acknowledged";
    setClass(row, "alarm " + alarm.severity + (acknowledged || alarm.shelved_until ? " calm" : ""));
    setText(row.fridge, alarm.fridge);
    setText(row.words, alarm.text || alarm.rule);
    setText(row.playbook, alarm.playbook || "");
    setText(row.detail, this.alarmDetails(alarm, now).join(" · "));
    setText(row.acknowledge, this.words("acknowledge"));
    row.acknowledge.hidden = acknowledged || !alarm.bridge;
    for (const [button, hours] of row.shelves) {
      setText(button, this.words("shelve") + " " + hours + "\u00a0" + this.texts.units.h);
      button.hidden = !alarm.bridge || Boolean(alarm.shelved_until);
    }
  }

  alarmDetails(alarm, now) {
    const details = [this.texts.severity[alarm.severity] || alarm.severity];
    if (typeof alarm.value === "number") {
      const limit = typeof alarm.limit === "number"
        ? " (" + this.words("limit", {value: this.reading(alarm.limit, alarm.unit)}) + ")" : "";
      details.push(this.reading(alarm.value, alarm.unit) + limit);
    }
    if (alarm.since) details.push(this.words("since", {time: this.clock(Date.parse(alarm.since), now)}));
    if (alarm.state === "returned_unacknowledged") details.push(this.words("back"));
    if (alarm.acknowledged_by) details.push(this.words("acknowledgedBy", {name: alarm.acknowledged_by}));
    if (alarm.shelved_until) {
      details.push(this.words("shelvedUntil", {time: this.clock(Date.parse(alarm.shelved_until), now)}));
    }
    if (alarm.stale) details.push(this.words("stale"));
    if (alarm.flapping) details.push(this.words("flapping"));
    if (alarm.inhibited) details.push(this.words("inhibited"));
    if (alarm.note) details.push("“" + alarm.note + "”");
    return details;
  }

  showFridges(model, now) {
    const fridges = Object.values(model.fridges).sort((a, b) => a.id.localeCompare(b.id));
    document.getElementById("no-fridges").hidden = fridges.length > 0;
    setText(document.getElementById("no-fridges"), this.words("noFridges"));
    showList(document.getElementById("fridges"), fridges, (fridge) => fridge.id,
             () => this.makeFridge(), (card, fridge) => this.updateFridge(card, fridge, model, now));
  }

  makeFridge() {
    const card = element("article", "card");
    const head = element("header");
    card.name = element("h3");
    card.phase = element("span", "phase");
    card.state = element("span", "state");
    head.append(card.name, card.phase, card.state);
    card.age = element("p", "age");
    card.channels = element("ul", "channels");
    card.toggle = element("button", "minor more");
    card.toggle.addEventListener("click", () => this.toggle(card.fridgeId));
    card.append(head, card.age, card.channels, card.toggle);
    return card;
  }

  toggle(id) {
    if (!this.expanded.delete(id)) this.expanded.add(id);
    this.actions.redraw();
  }

  updateFridge(card, fridge, model, now) {
    card.fridgeId = fridge.id;
    const condition = conditionOf(fridge, now);
    const worst = openAlarms(model).find((one) => one.site === fridge.site && one.fridge === fridge.name);
    setClass(card, "card " + (worst ? worst.severity : "") +
                   (condition === "offline" || condition === "silent" ? " gone" : ""));
    setText(card.name, fridge.name);
    const phase = fridge.health && fridge.health.phase;
    setText(card.phase, phase ? this.texts.phase[phase] || phase : "");
    setClass(card.state, "state " + (condition || ""));
    setText(card.state, condition ? this.words(condition) : "");
    const age = rowAgeSeconds(fridge, now);
    setText(card.age, age === null ? this.words("noRow")
                                   : this.words("rowAge", {time: this.duration(age)}));
    this.updateChannels(card, fridge);
  }

  updateChannels(card, fridge) {
    const all = channelsOf(fridge);
    const open = this.expanded.has(fridge.id);
    card.toggle.hidden = all.length <= kShownChannels;
    setText(card.toggle, open ? this.words("less") : this.words("more", {count: all.length}));
    showList(card.channels, open ? all : all.slice(0, kShownChannels), (channel) => channel.key,
             () => this.makeChannel(), (row, channel) => this.updateChannel(row, channel, fridge));
  }

  makeChannel() {
    const row = element("li");
    row.name = element("span", "label");
    row.spark = element("span", "spark");
    row.number = element("span", "value");
    row.append(row.name, row.spark, row.number);
    return row;
  }

  updateChannel(row, channel, fridge) {
    const newest = fridge.live[channel.key];
    // A value that the newest row no longer has is not a reading of now.
    const fresh = newest && newest.at === fridge.liveAt;
    setClass(row, fresh ? "" : "old");
    setText(row.name, this.channelName(channel));
    setText(row.number, newest ? this.reading(newest.value, channel.unit) : "–");
    this.drawSpark(row, fridge.history[channel.key] || []);
  }

  drawSpark(row, points) {
    const newest = points.length > 0 ? points[points.length - 1].join() : "";
    if (points.length < 2 || row.drawn === newest) return;
    row.drawn = newest;
    const data = [points.map((point) => point[0]), points.map((point) => point[1])];
    if (row.plot) {
      row.plot.setData(data);
      return;
    }
    const color = getComputedStyle(document.body).getPropertyValue("--line").trim();
    row.plot = new uPlot({width: kSparkWidth, height: kSparkHeight, pxAlign: false,
                          cursor: {show: false}, legend: {show: false},
                          axes: [{show: false}, {show: false}], padding: [2, 2, 2, 2],
                          series: [{}, {stroke: color, width: 1.5, points: {show: false}}]},
                         data, row.spark);
  }

  showDeliveries(model, now) {
    document.getElementById("no-deliveries").hidden = model.deliveries.length > 0;
    setText(document.getElementById("no-deliveries"), this.words("nothingDelivered"));
    showList(document.getElementById("deliveries"), model.deliveries,
             (one) => [one.at, one.notifier, one.incident, one.attempt].join("/"),
             () => element("li"),
             (row, one) => {
               const good = one.result === "sent";
               setClass(row, good ? "good" : "bad");
               setText(row, [this.clock(one.at, now), one.notifier,
                             good ? this.words("ok") : this.words("failed") + ": " + (one.detail || one.result),
                             one.title || ""].filter(Boolean).join(" · "));
             });
  }
}
