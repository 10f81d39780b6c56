"""Writes a few small, valid inputs for each fuzz target: seeds.py FOLDER."""
import io
import pathlib
import struct
import sys
import zipfile

HEADS = {
    "multivu": b"[Header]\r\nFILEOPENTIME,1000.00,6/4/2013,11:53 AM\r\nBYAPP, LogData, 1.1, 2.0\r\n"
    b"DATATYPE,TIME,2\r\nDATATYPE,COMMENT,1\r\n[Data]\r\nComment,Time Stamp (sec),Status (code),"
    b"Temperature (K),\xb5V (mV)\r\n,1041.56,4369,208.4030,1\r\n,1046.56,4382,,1e-5\r\nhi,1047\r\n",
    "attodry": b"05 Mar 2024_10:11:12\r\ntime (s)\tT (K)\tP (mbar)\r\n0.000\t4.2\t1,5e-3\r\n",
}
BLUEFORS = [
    b" 28-06-26,00:00:36,1.08E+2\r\n 28-06-26,00:01:36,-0.0E+0\r\n\n%%%\n 28-06-26,00:00:36,20.1\n",
    b"28-06-26,00:00:02,4.2\n25-10-26,02:30:00,1\n25-10-26,02:10:00,2\n",
    b"28-06-26,00:00:02,4.2\n",
    b"28-06-26,00:00:02,0.003\n",
    b"28-06-26,00:00:08,CH1,P1  ,0, 2.00E-2,4,1,CH2,P2  ,1, 5.14E-1,0,1,\r\n",
    b"28-06-26,14:38:25,8,v11,0,v2,0,ext,0\r\n",
    b"28-06-26,00:00:02,nxdsf,0.0e+00,cpat,3.0e+02\n28-06-26,00:00:12,cpat,3,new,1\n",
    b"28-06-26,00:00:02,1,2.00e-04,0,6.00e-03\n",
    b" 28-06-26,14:55:49,Ch1,T. UNDER 28-06-26,14:55:49,Ch2,T. OVER\r\n",
]
DELIMITED = [
    b"Time,T (K)\n2024-03-05 10:11:12,4.2\n2024-03-05 10:11:13,\n",
    b"Time\tT (K)\n2024-03-05 10:11:12\t4,2\n",
    b"# T t\n 4.2  1709633472.5 \n",
    b"Date;Time;T\n05.03.2024;10:11:12 PM;4.2\n",
    b"start 05 Mar 2024_10:11:12\ns,T\n90,4.2\n",
    b"t,\"T (K)\"\n45356.5,\"4.2\"\n",
    b"t,T\n3692101165,4.2\n",
]


LIVE = (b"# Coldwatch live journal: test at here:1\ntime (ms)\tT8 (K)\tP1\n1792684800000\t1.5\t~2\n"
        b"1792684810000\t-\t3\n# words\ntime (ms)\tT8 (K)\tP1\tP2\n1792684820000\t1.5\t2\t3\n")
RESCAN = [(0, DELIMITED[0] + b"Time,P (bar)\n2024-03-05 10:11:14,1\n2024-03-05 10:11:15,1,2\n" * 3),
          (1, b"T t\n1709633472.5 4.2\n1709633473 4.3 5\n1709633474 4.3 5\n1709633475 4.3 5\n"),
          (3, LIVE), (4, b"Zeit;T\n25.10.2026 02:30:00;4,2\n25.10.2026 02:10:00;4,3\n")]
ANSWERS = [b"\0\0" + b"1.47628K\nNOT_FOUND\nINVALID\n-6.3mB\nON\n" * 12,
           b"\1\0channel: 1; name: MC; 0; 0; 0; 0; resistance: 31.5; temperature: 3.11; on\n<end>",
           b"\2\1" + b"18.900105\r\n" * 60, b"\3\0" + b"2.95e+02\r\n" * 6,
           b'\4\0Connected to QDInstrument socket server.\r\n"TEMP?", 296.0,"K","Stable"\r\n0, 1, 2\r\n',
           b'\4\1\0\x16{"content-length": 20}{"result":"300.0,K"}',
           b'\5\0{"data":{"mapper.bf.temperatures.t4k":{"content":{"latest_valid_value":{"value":"4.2",'
           b'"outdated":false,"status":"CHANGED"},"latest_value":null}}}}']

MESSAGES = [b'\0{"state":"active","kind":"alarm","severity":"critical","text":"hot","value":4.2,"limit":4,'
            b'"t":"2026-03-01T12:00:00.000Z","epoch":"e1","seq":1,"latch":false,"trend":[[1,2.5],[2,3.5]]}',
            b'\1{"id":"i2","type":"notice","text":"pump on","t":"2026-03-01T12:00:00.000Z","epoch":"e1",'
            b'"seq":2,"replay":false,"severity":"info","rule":"pump","state":"normal"}',
            b'\2{"t":"2026-03-01T12:00:00.000Z","epoch":"e1","n":1,"log":"stale","row_age_s":1.5}',
            b'\3{"phase":"warming","for":"2h","requester":"desk","transaction":"7"}',
            b'\4{"fridge":"f1","rule":"hot","by":"Ann","note":"mine","requester":"desk"}',
            b'\6{"match":{"fridge":["f1","f*"]},"for":"2h","by":"Ann","why":"service"}',
            b'\7{"id":"01M8","by":"Ann"}', b'\x08{"notifier":"team"}', b"\x09",
            b'\x0b{"t":"2026-03-01T12:00:00.000Z","by":"main","notifier":"mail","incident":"",'
            b'"intent":"open","severity":"critical","epoch":"e1","seq":1,"known":{"mail":{"shown":'
            b'"active","severity":"critical","stale":false,"current":true,"number":1,"title":"hot",'
            b'"version":{"main":7},"mentioned":["2026-03-01T12:00:00.000Z"]}}}',
            b'\x0c{"shelves":[{"id":"01M81SJX0QR8H74720BK0C0001","match":{"fridge":["f1"]},"until":'
            b'"2027-01-16T12:00:00.000Z","by":"Ann","why":"","maintenance":false,"ended":false}]}',
            b'\x0d{"state":"acknowledged","severity":"critical","epoch":"e1","seq":1,"handled":1}']
AGENT_HEARS = [b'\2{"text":"look","requester":"desk"}\0\5{"phase":"warming","for":"2h"}\0\6{}',
               b'\x08{"epoch":"e1","seq":1}\0\0\0\1{"requester":"desk","transaction":"7"}\0\3\0\4']
BRIDGE_HEARS = [MESSAGES[0] + b"\0\2" + MESSAGES[1][1:] + b"\0\4" + MESSAGES[2][1:] + b"\0\3online",
                MESSAGES[0] + b"\0\x08" + MESSAGES[4][1:] + b"\0\x0a" + MESSAGES[5][1:] + b"\0\x0d{}",
                b'\5{"schema":1,"version":"1","channels":[{"key":"T","name":"T","unit":"K"}],"rules":[]}']


def sheet():
    rows = "".join(f'<row r="{i}" spans="1:2"><c r="A{i}"><v>{i}</v></c></row>' for i in range(1, 9))
    return f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()


def vcl(header):
    names = [b"LineSize(bytes)", b"LineNumber", b"Time(secs)", b"A t(s)", b"A T(K)", b"A R(Ohm)"]
    rows = b"".join(
        struct.pack("<6d", 48, i, 1544485165 + 60 * i, 1544485165 + 60 * i, 4.2, 100) for i in range(4))
    if not header:
        return rows
    head = b"VeriCold data logfile.\r\n".ljust(0x1800, b"\0")
    return (head + b"".join(n.ljust(32, b"\0") for n in names)).ljust(0x3000, b"\0") + rows


def xlsx():
    sheet = ("<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>2025-04-16 "
             "12:34:56</t></is></c><c r=\"B1\" t=\"n\"><v>3.5</v></c><c r=\"C1\" t=\"s\"><v>0</v></c>"
             "</row></sheetData></worksheet>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        archive.writestr("xl/sharedStrings.xml", "<sst><si><t>7</t></si></sst>")
    return out.getvalue()


def leiden(columns):
    row = "\t".join(["2020-12-27 17:41:55"] + [str(i) for i in range(1, columns)])
    return ("Date1\tDate2\r\n" + row + "\r\n" + row + "\r\n").encode()


def main(folder):
    seeds = {name: [b"\0" + head] for name, head in HEADS.items()}
    seeds["bluefors"] = [bytes([i]) + text for i, text in enumerate(BLUEFORS)]
    seeds["delimited"] = [bytes([2 * i]) + text for i, text in enumerate(DELIMITED)]
    seeds["vcl"] = [b"\0" + vcl(True), b"\0" + vcl(False)]
    seeds["xs400"] = [b"\0" + xlsx()]
    seeds["leiden_tc"] = seeds["leiden_fp"] = [b"\0" + leiden(26), b"\0" + leiden(3)]
    seeds["follower"] = [bytes(range(64)), bytes([0, 3] * 20), bytes([0, 3, 1, 6, 5, 20, 7, 3] * 5)]
    seeds["live"] = [b"\0" + LIVE]
    seeds["row_skipper"] = [b"\5\3" + sheet(), b"\x09\x20" + sheet()]
    seeds["rescan"] = [bytes([kind, 0]) + text for kind, text in RESCAN]
    seeds["live_answers"] = ANSWERS
    seeds["messages"] = MESSAGES
    seeds["agent_hears"], seeds["bridge_hears"] = AGENT_HEARS, BRIDGE_HEARS
    for name, inputs in seeds.items():
        target = pathlib.Path(folder) / name
        target.mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(inputs):
            (target / f"seed_{number}").write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1])
