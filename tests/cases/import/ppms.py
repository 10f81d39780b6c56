from collections import OrderedDict

fridge_name = 'ppms'
folder = ''
period = 61
data_type = 'ppms'

labels = ['Comment', 'Time Stamp (sec)', 'Temperature (K)', 'Magnetic Field (Oe)', 'System Pres (Torr)',
          'Chamber Status (code)', 'Temperature Status (code)', 'Field Status (code)',
          'Cryostat Status (code)', 'Control Therm (ID)', 'Sample Therm (ID)', 'Block Temp (K)',
          'Neck Temp (K)', 'High Neck Temp (K)', 'Control Temp (K)', '1st Stage Temp (K)',
          '2nd Stage Temp (K)', 'Magnet Temp (K)', 'Impedance Temp (K)', 'Pot Liquid level (%)',
          'Block Power (W)', 'Neck Heater Power (W)', 'High Neck Heater Power (W)',
          '1st Stage Heater Power (W)', '2nd Stage Heater Power (W)', 'Magnet Voltage (V)',
          'Impedance Heater Power (W)', 'Pot Power (W)', 'CFE Flow (SCCM)', 'Pump Flow (uncal SCCM)',
          'Tank Pressure (Torr)', 'Annulus Pressure (Torr)', 'Compressor State (code)']

snapshot_list = ['Temperature (K)', 'Magnetic Field (Oe)', 'System Pres (Torr)', 'Pot Liquid level (%)',
                 'Compressor State (code)']

# [val_low, val_high, msg_low, msg_high, status_init, delay_snapshot]
rules = OrderedDict([
    ("Temperature (K)", [2, 350, '', 'Alarm! Sample above 350 K.', False]),
    ("Compressor State (code)", [0.5, 0.6, 'Alarm! The compressor stands.', 'The compressor runs.', True]),
])

method = 'wechat'
url = 'https://robot.lab.example/hook/0123456789'
recipients = ['first@lab.example', 'second@lab.example']
email = 'fridge@lab.example'
password = 'not-a-real-password'
host = "smtp.lab.example"
port = '587'
