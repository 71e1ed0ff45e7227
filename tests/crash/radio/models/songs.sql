select song_id, title, artist_name, year
from {{ source('radio', 'staging_songs') }}
