import { WorkspaceParams } from "../common.js";

// What the groups of routes share.
export const root = "/api/v1";
export const space = "/api/v1/workspaces/{workspace}";
export const read = { scope: "read", status: 200 } as const;
export const write = { scope: "write", status: 201 } as const;
export const inSpace = { params: WorkspaceParams } as const;
