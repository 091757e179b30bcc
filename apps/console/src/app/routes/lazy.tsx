import { useQuery } from "@tanstack/react-query";
import type { ComponentType, ReactNode } from "react";
import { Titled } from "../../shared/ui/page.js";
import { Failure, Waiting } from "../../shared/ui/state.js";

/** A page whose code is fetched when it is first opened; when that fails it can be tried again, unlike React.lazy. */
export const later = <P extends object>(
  title: string,
  load: () => Promise<ComponentType<P>>,
): ComponentType<P> =>
  function Later(props: P): ReactNode {
    const { data, error, refetch } = useQuery({
      queryKey: ["code", title],
      queryFn: async () => ({ Inner: await load() }),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: Number.POSITIVE_INFINITY,
    });
    if (data !== undefined) return <data.Inner {...props} />;
    return (
      <Titled title={title}>
        {error === null ? <Waiting rows={8} /> : <Failure error={error} retry={() => void refetch()} />}
      </Titled>
    );
  };
