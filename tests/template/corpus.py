# Renders the templates of corpus.json with Jinja2 and writes the outputs back:
#   pip install jinja2==3.1.6 && python tests/template/corpus.py
# A template that Jinja2 refuses gets "error": true in place of an output.
import json
import pathlib

import jinja2

path = pathlib.Path(__file__).with_name('corpus.json')
environment = jinja2.Environment(extensions=['jinja2.ext.do', 'jinja2.ext.loopcontrols'])


def answered(case):
    try:
        return {'group': case['group'], 'template': case['template'], 'output': environment.from_string(case['template']).render()}
    except Exception:
        return {'group': case['group'], 'template': case['template'], 'error': True}


cases = [answered(case) for case in json.loads(path.read_text())['cases']]
lines = ',\n'.join('  ' + json.dumps(case) for case in cases)
path.write_text('{\n "jinja2": %s,\n "cases": [\n%s\n ]\n}\n' % (json.dumps(jinja2.__version__), lines))
