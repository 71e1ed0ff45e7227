{{
    config(
        incremental_strategy='microbatch',
        event_time='lent_at',
        begin='2024-01-01',
        batch_size='year',
        lookback=2,
        concurrent_batches=false,
        unique_key='loan_id' if target.type == 'postgres' else none,
    )
}}
select loan_id, lent_at, '{{ model.batch.id if model.batch else "" }}' as batch from {{ ref('stg_loans') }}
