{{
    config(
        incremental_strategy='microbatch',
        event_time='lent_at',
        begin='2024-03-01',
        batch_size='day',
        unique_key='loan_id' if target.type == 'postgres' else none,
        tags=['daily'],
    )
}}
select loan_id, member_id, lent_at, returned_at from {{ ref('stg_loans') }}
