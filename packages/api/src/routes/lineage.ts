/** Graph, traces, containment, deployments and lineage events. */
export const lineageRoutes = {} as const;
