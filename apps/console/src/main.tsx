import "./app/mantine.css";
import "./app/app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.js";
import { mlflowLink } from "./shared/mlflow-link.js";

// Before anything reads the address.
const printed = mlflowLink(location.hash);
if (printed !== undefined) history.replaceState(null, "", printed);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
