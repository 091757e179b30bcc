/** Experiments and runs, for the console. */
export const runRoutes = {} as const;
