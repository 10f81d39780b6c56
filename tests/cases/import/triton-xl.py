from collections import OrderedDict

fridge_name = 'xl'
folder = ''
period = 61
data_type = 'triton'

labels = ['LineSize(bytes)', 'LineNumber', 'Time(secs)', 'P2 Condense (Bar)', 'P1 Tank (Bar)',
          'P5 ForepumpBack (Bar)', 'P3 Still (mBar)', 'P4 TurboBack (mBar)', 'Dewar (mBar)',
          'Input Water Temp', 'Output Water Temp', 'Oil Temp', 'Helium Temp', 'Motor Current',
          'Low Pressure', 'High Pressure', 'PT2 Head T(K)', 'PT2 Head R(Ohm)', 'PT2 Plate T(K)',
          'PT2 Plate R(Ohm)', 'Still Plate T(K)', 'Still Plate R(Ohm)', 'Cold Plate T(K)',
          'Cold Plate R(Ohm)', 'MC Plate Cernox old T(K)', 'MC Plate Cernox old R(Ohm)', 'PT1 Head old T(K)',
          'PT1 Head old R(Ohm)', 'PT1 Plate old T(K)', 'PT1 Plate old R(Ohm)', 'MC Plate RuO2 old T(K)',
          'MC Plate RuO2 old R(Ohm)', 'MC Plate Cernox T(K)', 'MC Plate Cernox R(Ohm)', 'PT1 Head  T(K)',
          'PT1 Head  R(Ohm)', 'PT1 Plate T(K)', 'PT1 Plate R(Ohm)', 'MC Plate RuO2 T(K)',
          'MC Plate RuO2 R(Ohm)', 'Magnet T(K)', 'Magnet R(Ohm)', 'Still heater (W)', 'chamber heater (W)',
          'IVC sorb heater (W)', 'Input Water Temp2', 'Output Water Temp2', 'Oil Temp2', 'Helium Temp2',
          'Motor Current2', 'Low Pressure2', 'High Pressure2', 'turbo current(A)', 'turbo power(W)',
          'turbo speed(Hz)', 'turbo motor(C)', 'turbo bottom(C)']

snapshot_list = [i for i in labels if (i.endswith('T(K)')
    and not i.startswith('chan'))
    or i in ['P1 Tank (Bar)', 'P3 Still (mbar)', 'Dewar (mbar)', 'Still heater (W)']
]
num = 456

# [val_low, val_high, msg_low, msg_high, status_init, delay_snapshot]
rules = OrderedDict([
    ("Output Water Temp", [27, 29, 'Water is below 27 again.', 'Alarm! Water leaves above 29.', False]),
    ("Output Water Temp:2", [10, 12, 'Alarm! Water leaves below 10.', '', True]),
    ("Motor Current", [10, 10.1, 'Alarm! The pulse tube stands.', 'The pulse tube runs.', True]),
    ("Output Water Temp2", [27, 29, 'Water of tube 2 is below 27.', 'Alarm! Water of tube 2 above 29.', False]),
    ("Motor Current2", [10, 10.1, 'Alarm! Tube 2 stands.', 'Tube 2 runs.', True]),
    ("MC Plate RuO2 T(K)", [0.05, 10, 'Trigger: MC below 0.05 K.', '', True, 3600*2]),
])

method = 'slack'
url = 'https://robot.lab.example/hook/0123456789'
recipients = ['first@lab.example', 'second@lab.example']
email = 'fridge@lab.example'
password = 'not-a-real-password'
host = "smtp.lab.example"
port = '587'
