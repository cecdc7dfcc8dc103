#!/usr/bin/env python3
"""Writes yaml-scalars.json: what PyYAML with libyaml (what Ansible uses) answers for plain and tagged scalars (dates left as text, as here).

Run with python3-yaml installed: python3 test/source/yaml-scalars.py > test/source/yaml-scalars.json
"""
import json, math, sys, yaml

class Loader(yaml.CSafeLoader):
    pass

Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if not tag.endswith((':timestamp', ':value'))]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

TEXTS = '''
yes|Yes|YES|yEs|no|No|NO|nO|true|True|TRUE|tRUE|false|False|FALSE|on|On|ON|oN|off|Off|OFF|y|Y|n|N|t|f
~|null|Null|NULL|nULL|none|None|nil|nan|inf
0|-0|+0|1|-1|+1|42|007|0644|0755|-0644|+0755|00|08|09|0o644|0O17|0x1F|0xff|0XFF|-0x10|0x|0b101|0b|0b2|-0b11|1_000|1__0|_1|1_
0_7|0x_f|12345678901234567890|-12345678901234567890|9007199254740991|9007199254740992|9007199254740993|0xffffffffffffffffff
1.0|1.5|-1.5|+1.5|1.|.5|-.5|+.5|1e3|1E3|1.0e3|1.0e+3|1.5e-3|1.e+3|.5e+3|1_000.5|1.5_0|1.0.0|0.0|-0.0|1.2.3|6.02e23|1e+3|1.5E+10
.inf|.Inf|.INF|-.inf|+.inf|.iNF|.nan|.NaN|.NAN|.Nan|-.nan|1.7976931348623157e+309|1.0e-400
1:30|22:22|1:60|1:59|190:20:30|0:30|01:30|1:2:3|-1:30|1:30.5|10:20.25|1:60.5|8080:80|80:8080|127.0.0.1:80|12:34:56|12:34:56.789
2001-12-14|2001-12-14 21:59:43|2001-12-14T21:59:43Z|12/14/2001|192.168.1.1|10.0.0.0/8|1.2|2.10|3.11|v1.2|1-2|1,000|$5|5%|a b|a: "|hello|-|--|---x|+|.|..|...x|=|==|<|<<x
!!str 5|!!str yes|!!str|!!str null|!!int 5|!!int "0x10"|!!int "010"|!!int "1:30"|!!int 1_0|!!float 1|!!float "1e3"|!!float 1.5|!!float .inf|!!float "1:30"|!!bool yes|!!bool "off"|!!bool True|!!null x|!!null ""|!!null|! 5|!<tag:yaml.org,2002:str> 12|!<tag:yaml.org,2002:int> "12"
"5"|'yes'|"null"|''|""|"a\\tb"|'it''s'|"\\u00e9"|"\\x41"|"line\\nbreak"|"tab	in"|a	b|a #b|a# b|a:b|a::b|x-y_z|{}|[]|{a: 1, b}|[1, "1", 1.0]|{a: [x, {y: no}]}|[yes, off, ~]|*x|&a 5|- 5|? a
'''

def encode(value):
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return {'int': str(value)}
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return {'float': str(value)}
        return {'float': repr(value)}
    if isinstance(value, list):
        return {'list': [encode(item) for item in value]}
    if isinstance(value, dict):
        return {'dict': [[encode(key), encode(item)] for key, item in value.items()]}
    return {'other': type(value).__name__}

rows = []
for text in [text for line in TEXTS.strip().split('\n') for text in line.split('|')]:
    source = f'k: {text}\n' if not text.startswith(('- ', '? ')) else f'k:\n  {text}\n'
    try:
        answer = {'value': encode(yaml.load(source, Loader)['k'])}
    except (yaml.YAMLError, ValueError) as error:
        answer = {'error': type(error).__name__}
    rows.append({'source': source, **answer})
json.dump(rows, sys.stdout, indent=0, ensure_ascii=False)
print()
