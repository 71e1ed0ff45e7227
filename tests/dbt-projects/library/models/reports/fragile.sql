select loan_id, {{ 'no_such_column' if var('broken') else 'isbn' }} as isbn from {{ ref('stg_loans') }}
