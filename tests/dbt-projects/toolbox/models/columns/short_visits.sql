select {{ local_tools.star_but(ref('visits'), ['note', 'went']) }}
from {{ ref('visits') }}
