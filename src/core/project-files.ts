/** What makes a folder a project; the first that is there is read. */
export const PROJECT_FILES = ['project.yml', 'dbt_project.yml'] as const;
