/** Datasets, their versions, profiles and deletions. */
export const datasetRoutes = {} as const;
