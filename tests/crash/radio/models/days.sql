select cast(epoch_ms(ts) as date) as day, count(*) as plays, count(song_id) as known
from {{ ref('songplays') }}
group by day
