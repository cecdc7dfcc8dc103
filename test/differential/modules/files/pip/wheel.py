"""Makes a wheel of a package that says its version: wheel.py FOLDER NAME VERSION [REQUIREMENT...]"""
import sys
import zipfile

folder, name, version, *requirements = sys.argv[1:]
info = f'{name}-{version}.dist-info'
needs = ''.join(f'Requires-Dist: {one}\n' for one in requirements)
files = {
    f'{name}.py': f"VERSION = '{version}'\n",
    f'{info}/METADATA': f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}',
    f'{info}/WHEEL': 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
}
files[f'{info}/RECORD'] = ''.join(f'{path},,\n' for path in files) + f'{info}/RECORD,,\n'
with zipfile.ZipFile(f'{folder}/{name}-{version}-py3-none-any.whl', 'w') as wheel:
    for path, text in files.items():
        wheel.writestr(path, text)
