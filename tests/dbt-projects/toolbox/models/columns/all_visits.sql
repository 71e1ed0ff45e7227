{{ local_tools.stacked([ref('visits'), ref('visits_more')]) }}
