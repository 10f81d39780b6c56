from collections import OrderedDict

fridge_name = 'xs400'
folder = ''
period = 61
data_type = 'xs400'

labels = ('LineNumber, Time Stamp, T1(K), T2(K), T3(K), T4(K), T51(K), T52(K), flow(ml/min), P1(bar), P2(bar), '
          'P3(mbar), P5(bar), Chamber(Pa)').split(', ')

snapshot_list = [i for i in labels if i.endswith('(K)')]

# [val_low, val_high, msg_low, msg_high, status_init, delay_snapshot]
rules = OrderedDict([
    ("T1(K)", [4, 5, 'T1 below 4 K.', 'Alarm! T1 above 5 K.', True]),
    ("flow(ml/min)", [100, 120, 'Alarm! Little flow.', 'Flow is back.', True]),
])

method = 'email'
url = 'https://robot.lab.example/hook/0123456789'
recipients = ['first@lab.example', 'second@lab.example']
email = 'fridge@lab.example'
password = 'not-a-real-password'
host = "smtp.lab.example"
port = '25'
