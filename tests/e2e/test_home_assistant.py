"""Fridges appear in Home Assistant: what a broker holds for it when everything of ours is gone."""

import json

from mosquitto import wait_until

DEVICE = "homeassistant/device/coldwatch_lab_ha1/config"
TIMEOUT_S = 30


def test_a_fridge_is_a_device_until_it_is_removed(lab, mosquitto, listener):
    broker = mosquitto()
    ear = listener(broker.port, DEVICE, "coldwatch/lab/ha1/#")
    lab.write_log("ha1", 5)
    lab.agent("ha1", broker.uri)
    bridge = lab.bridge(broker.uri, [{"name": "log", "type": "console"}],
                        home_assistant="homeassistant")
    ear.wait_for(DEVICE, timeout_s=TIMEOUT_S)
    ear.wait_for("coldwatch/lab/ha1/reading/MC_Plate_RuO2_T_K", timeout_s=TIMEOUT_S)

    def retained():
        late = listener(broker.port, DEVICE)
        late.wait_for(DEVICE, timeout_s=TIMEOUT_S)
        return json.loads(late.payloads(DEVICE)[0])

    wait_until(lambda: len(retained()["cmps"]) > 10, TIMEOUT_S, "it knows the channels", poll_s=0.2)
    device = retained()
    topics = {message.topic for message in ear.messages}
    sensor = device["cmps"]["MC_Plate_RuO2_T_K"]
    assert sensor["unit_of_measurement"] == "K" and sensor["state_topic"] in topics
    problems = [one for one in device["cmps"].values() if one["p"] == "binary_sensor"]
    assert problems and all(one["state_topic"] in topics for one in problems)
    assert device["availability"][0]["topic"] in topics
    assert len({one["unique_id"] for one in device["cmps"].values()}) == len(device["cmps"])

    for program in lab.running:
        if program is not bridge:
            program.stop()
    ear.publish("coldwatch/lab/ha1/info", "", retain=True)
    ear.wait_for(DEVICE, "", timeout_s=TIMEOUT_S)
