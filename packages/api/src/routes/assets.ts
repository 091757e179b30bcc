/** The inventory as code. */
export const assetRoutes = {} as const;
