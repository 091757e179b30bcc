/** How addresses begin that are read over a network. */
export const SCHEMES: Readonly<Record<"http" | "hub" | "s3" | "mlflow", RegExp>> = {
  http: /^https?:\/\//i,
  hub: /^hf:\/\//i,
  s3: /^s3:\/\//i,
  mlflow: /^(models|runs|mlflow-artifacts):\//i,
};

export const isRemote = (path: string): boolean => Object.values(SCHEMES).some((scheme) => scheme.test(path));
