import type {
  ApplyAnswer,
  ApplyBody,
  ApplyResult,
  AssetDetail,
  AssetDocument,
  AssetKind,
  AssetQuery,
  AssetSchemas,
  AssetSummary,
  Concentration,
  ExportQuery,
  SavedFilter,
  SavedFilterBody,
} from "../asset.js";
import type { Page } from "../common.js";
import { assetRoutes } from "../routes/assets.js";
import type { CallOptions, Transport } from "../transport.js";

/** The inventory as code. */
export interface AssetClient {
  assets: {
    list(query?: AssetQuery, options?: CallOptions): Promise<Page<AssetSummary>>;
    get(kind: AssetKind, name: string, options?: CallOptions): Promise<AssetDetail>;
    apply(body: ApplyBody, options?: CallOptions): Promise<ApplyAnswer>;
    remove(kind: AssetKind, name: string, options?: CallOptions): Promise<ApplyResult>;
    export(query?: ExportQuery, options?: CallOptions): Promise<Page<AssetDocument>>;
    schemas(options?: CallOptions): Promise<AssetSchemas>;
  };
  concentration(options?: CallOptions): Promise<Concentration>;
  filters: {
    list(options?: CallOptions): Promise<{ items: SavedFilter[] }>;
    save(body: SavedFilterBody): Promise<SavedFilter>;
    remove(id: string): Promise<void>;
  };
}

export function assetCalls(http: Transport): AssetClient {
  const { assets, asset, applyAssets, removeAsset, exportAssets, assetSchemas } = assetRoutes;
  return {
    assets: {
      list: (query, o) => http.call(assets, { query }, o),
      get: (kind, name, o) => http.call(asset, { params: { kind, name } }, o),
      apply: (body, o) => http.call(applyAssets, { body }, o),
      remove: (kind, name, o) => http.call(removeAsset, { params: { kind, name } }, o),
      export: (query, o) => http.call(exportAssets, { query }, o),
      schemas: (o) => http.call(assetSchemas, {}, o),
    },
    concentration: (o) => http.call(assetRoutes.concentration, {}, o),
    filters: {
      list: (o) => http.call(assetRoutes.savedFilters, {}, o),
      save: (body) => http.call(assetRoutes.saveFilter, { body }),
      remove: (id) => http.call(assetRoutes.removeFilter, { params: { id } }),
    },
  };
}
