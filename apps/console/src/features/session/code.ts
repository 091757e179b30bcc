const FIELD = "code";

/** The one-time code of a login link, from `#code=` or `?code=`; "" when there is none. */
export const codeIn = (address: string): string => {
  const url = new URL(address);
  return new URLSearchParams(url.hash.slice(1)).get(FIELD) ?? url.searchParams.get(FIELD) ?? "";
};

/** The same address without the code, so that it stays out of history and bookmarks. */
export const withoutCode = (address: string): string => {
  const url = new URL(address);
  if (new URLSearchParams(url.hash.slice(1)).has(FIELD)) url.hash = "";
  url.searchParams.delete(FIELD);
  return `${url.pathname}${url.search}${url.hash}`;
};
