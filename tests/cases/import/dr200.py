from collections import OrderedDict

fridge_name = 'dr200'
folder = ''
period = 61
data_type = 'triton'

labels = ('LineSize(bytes), LineNumber, Time(secs), PressureM1Condense(Bar), PressureM3Tank(Bar), '
          'PressureFPSafety(Bar), Still (mbar), Forepump (mbar), Dewar (mbar), Input Water Temp, Output Water '
          'Temp, Helium Temp, Oil Temp, Motor Current, 4K Head X55749 t(s), 4K Head X55749 T(K), 4K Head X55749'
          ' R(Ohm), 4K Plate X55750 t(s), 4K Plate X55750 T(K), 4K Plate X55750 R(Ohm), Still t(s), Still T(K),'
          ' Still R(Ohm), 100mK Plate t(s), 100mK Plate T(K), 100mK Plate R(Ohm), M/C X55751 t(s), M/C X55751 '
          'T(K), M/C X55751 R(Ohm), M/C RuO2 t(s), M/C RuO2 T(K), M/C RuO2 R(Ohm), Mag Top X48230 t(s), Mag Top'
          ' X48230 T(K), Mag Top X48230 R(Ohm), Mag Bottom X52698 t(s), Mag Bottom X52698 T(K), Mag Bottom '
          'X52698 R(Ohm), 70K Head PT100 t(s), 70K Head PT100 T(K), 70K Head PT100 R(Ohm), 70K Plate PT100 '
          't(s), 70K Plate PT100 T(K), 70K Plate PT100 R(Ohm), chan[10] t(s), chan[10] T(K), chan[10] R(Ohm), '
          'chan[11] t(s), chan[11] T(K), chan[11] R(Ohm), chan[12] t(s), chan[12] T(K), chan[12] R(Ohm), '
          'chan[13] t(s), chan[13] T(K), chan[13] R(Ohm), chan[14] t(s), chan[14] T(K), chan[14] R(Ohm), '
          'chan[15] t(s), chan[15] T(K), chan[15] R(Ohm), Still heater (W), chamber heater (W)').split(', ')

snapshot_list = [i for i in labels if (i.endswith('T(K)')
    and not i.startswith('chan'))
    or i in ['P1 Tank (Bar)', 'P3 Still (mbar)', 'Dewar (mbar)', 'Still heater (W)']
]
num = 512

# [val_low, val_high, msg_low, msg_high, status_init, delay_snapshot]
rules = OrderedDict([
    ("Output Water Temp", [27, 29, 'Water is below 27 again.', 'Alarm! Water leaves above 29.', False]),
    ("Output Water Temp:2", [10, 12, 'Alarm! Water leaves below 10.', '', True]),
    ("Motor Current", [10, 10.1, 'Alarm! The pulse tube stands.', 'The pulse tube runs.', True]),
    ("M/C X55751 T(K)", [0.05, 10, 'Trigger: MC below 0.05 K.', '', True, 3600*2]),
    ("Mag Bottom X52698 T(K)", [280, 285, '', 'Trigger: magnet is warm.', True, 0]),
])

method = 'email'
url = 'https://robot.lab.example/hook/0123456789'
recipients = ['first@lab.example', 'second@lab.example']
email = 'fridge@lab.example'
password = 'not-a-real-password'
host = "smtp.lab.example"
port = '465'
