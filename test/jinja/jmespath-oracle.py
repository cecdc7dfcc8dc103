"""Asks python3-jmespath for the answers to the expressions in jmespath.json and writes them there."""
import json, os
import jmespath

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'jmespath.json')


def answer(expression, data):
    try:
        return {'expression': expression, 'value': jmespath.search(expression, data)}
    except Exception as error:
        return {'expression': expression, 'error': type(error).__name__}


oracle = json.load(open(PATH, encoding='utf-8'))
oracle['cases'] = [answer(case['expression'], oracle['data']) for case in oracle['cases']]
text = json.dumps(oracle, ensure_ascii=False, indent=1)
with open(PATH, 'w', encoding='utf-8') as out:
    out.write(text + '\n')
