from collections import OrderedDict

fridge_name = 'Top Loading'
folder = ''
period = 61
data_type = 'triton'

labels = ('LineSize(bytes), LineNumber, Time(secs), P2 Condense (Bar), P1 Tank (Bar), P5 ForepumpBack (Bar), P3'
          ' Still (mbar), P4 TurboBack (mbar), Dewar (mbar), Input Water Temp, Output Water Temp, Helium Temp, '
          'Oil Temp, Motor Current, PT1 Plate t(s), PT1 Plate T(K), PT1 Plate R(Ohm), PT2 Plate t(s), PT2 Plate'
          ' T(K), PT2 Plate R(Ohm), Still t(s), Still T(K), Still R(Ohm), 100mK Plate t(s), 100mK Plate T(K), '
          '100mK Plate R(Ohm), MC RuO2 t(s), MC RuO2 T(K), MC RuO2 R(Ohm), MC cernox t(s), MC cernox T(K), MC '
          'cernox R(Ohm), chan[6] t(s), chan[6] T(K), chan[6] R(Ohm), chan[7] t(s), chan[7] T(K), chan[7] '
          'R(Ohm), chan[8] t(s), chan[8] T(K), chan[8] R(Ohm), chan[9] t(s), chan[9] T(K), chan[9] R(Ohm), '
          'chan[10] t(s), chan[10] T(K), chan[10] R(Ohm), chan[11] t(s), chan[11] T(K), chan[11] R(Ohm), Magnet'
          ' t(s), Magnet T(K), Magnet R(Ohm), Still heater (W), chamber heater (W), IVC sorb heater (W), turbo '
          'current(A), turbo power(W), turbo speed(Hz), turbo motor(C), turbo bottom(C)').split(', ')

snapshot_list = [i for i in labels if (i.endswith('T(K)')
    and not i.startswith('chan'))
    or i in ['P1 Tank (Bar)', 'P3 Still (mbar)', 'Dewar (mbar)', 'Still heater (W)']
]
num = 488

# [val_low, val_high, msg_low, msg_high, status_init, delay_snapshot]
rules = OrderedDict([
    ("Output Water Temp", [27, 29, 'Water is below 27 again.', 'Alarm! Water leaves above 29.', False]),
    ("Output Water Temp:2", [10, 12, 'Alarm! Water leaves below 10.', '', True]),
    ("Motor Current", [10, 10.1, 'Alarm! The pulse tube stands.', 'The pulse tube runs.', True]),
    ("MC RuO2 T(K)", [0.05, 10, 'Trigger: MC below 0.05 K (2 hours ago).', '', True, 3600*2]),
    ("Magnet T(K):1", [280, 285, '', 'Trigger: Magnet above 285 K (2 hours ago).', True, 3600*2]),
    ("Magnet T(K):2", [5, 10, 'Magnet below 5 K.', '', True]),
    ("Magnet T(K):3", [80, 85, 'Magnet below 80 K.', 'Magnet above 85 K.', True]),
    # ("Dewar (mbar)", [5e-3, 1, 'Vacuum is good', 'Vacuum is bad', True]),
])

method = 'lark'
url = 'https://robot.lab.example/hook/0123456789'
recipients = ['first@lab.example', 'second@lab.example']
email = 'fridge@lab.example'
password = 'not-a-real-password'
host = "smtp.lab.example"
port = '123'
