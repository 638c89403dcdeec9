/** The operations of the endpoint for clients of Iceberg. */
import {
  createNamespace,
  dropNamespace,
  getConfig,
  listNamespaces,
  loadNamespace,
  namespaceExists,
} from "./namespace.ts";
import { createTable, dropTable, listTables, loadTable, renameTable, tableExists, updateTable } from "./table.ts";

export const CATALOG = [
  getConfig,
  listNamespaces,
  createNamespace,
  loadNamespace,
  namespaceExists,
  dropNamespace,
  listTables,
  createTable,
  loadTable,
  tableExists,
  updateTable,
  dropTable,
  renameTable,
];
