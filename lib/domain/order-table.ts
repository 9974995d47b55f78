/** The articles of an order as a table shows them: all in words, in the language of the message. */
export interface OrderTable {
  rows: TableRow[];
  /** How many more articles there are, in words. */
  others?: string;
  /** Absent where the order's total is not known. */
  sum?: TableRow;
  /** Addresses of pictures, on the shop's host. */
  pictures: string[];
}

export interface TableRow {
  item: string;
  amount?: string;
}

/** A message with its articles as a table. */
export interface RichContent {
  /** Telegram's HTML: the text, without a list of the articles. */
  text: string;
  table: OrderTable;
}
