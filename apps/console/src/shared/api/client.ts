import { type Client, createClient } from "@countersign/api";
import { createContext, useContext } from "react";

/** The client of the workspace that is open; its routes live in one file of @countersign/api. */
export const ClientContext = createContext<Client>(createClient());

export const useClient = (): Client => useContext(ClientContext);
