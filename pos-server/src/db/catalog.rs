//! The shelf: categories and items.

use sqlx::query;

use super::{Db, DbError, Kind, Tx};
use crate::domain::id::{CategoryId, ItemId, MerchantId, StoreId};

/// Items that are looked up by one statement.
const AT_ONCE: usize = 8;

/// A group of items.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Category {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: CategoryId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where it is sold.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// What it is called.
    pub name: String,
    /// Shelf tint, 1 to 4.
    pub tint: i64,
    /// Place in the row of categories.
    pub position: i64,
}

/// Something for sale.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Item {
    /// Its id.
    #[sqlx(try_from = "String")]
    pub id: ItemId,
    /// Whose it is.
    #[sqlx(try_from = "String")]
    pub merchant_id: MerchantId,
    /// Where it is sold.
    #[sqlx(try_from = "String")]
    pub store_id: StoreId,
    /// Its category, if it has one.
    pub category_id: Option<String>,
    /// What it is called.
    pub name: String,
    /// Price in minor units of the store's currency.
    pub price: i64,
    /// Its own tax rate in hundredths of a percent, or the store's.
    pub tax_bp: Option<i64>,
    /// 1 when its price holds the tax, 0 when not, or as the store does.
    pub tax_inclusive: Option<i64>,
    /// What a scanner reads, unique in the store.
    pub barcode: Option<String>,
    /// 1 when there is none left today.
    pub sold_out: i64,
    /// 1 when it is no longer sold.
    pub retired: i64,
    /// Place on the shelf.
    pub position: i64,
}

impl Tx {
    /// Adds a category, or changes one of the same merchant.
    pub async fn save_category(&mut self, category: &Category) -> Result<(), DbError> {
        let sql = query(
            "INSERT INTO category (id, merchant_id, store_id, name, tint, position)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, tint = excluded.tint,
                 position = excluded.position
             WHERE category.merchant_id = excluded.merchant_id
                 AND category.store_id = excluded.store_id",
        );
        let sql = sql.bind(category.id.to_string()).bind(category.merchant_id.to_string());
        let sql = sql.bind(category.store_id.to_string()).bind(category.name.clone());
        let touched = self.run(sql.bind(category.tint).bind(category.position)).await?;
        if touched == 1 { Ok(()) } else { Err(DbError::NotFound) }
    }

    /// Removes a category; its items stay, without one.
    pub async fn remove_category(
        &mut self,
        store: &StoreId,
        id: &CategoryId,
    ) -> Result<(), DbError> {
        let free =
            query("UPDATE item SET category_id = NULL WHERE category_id = $1 AND store_id = $2");
        self.run(free.bind(id.to_string()).bind(store.to_string())).await?;
        let sql = query("DELETE FROM category WHERE id = $1 AND store_id = $2");
        let touched = self.run(sql.bind(id.to_string()).bind(store.to_string())).await?;
        if touched == 1 { Ok(()) } else { Err(DbError::NotFound) }
    }

    /// An item of this store, sold or retired, locked until the commit; none if there is no such.
    pub async fn lock_item(
        &mut self,
        store: &StoreId,
        id: &ItemId,
    ) -> Result<Option<Item>, DbError> {
        let sql = match self.kind() {
            Kind::Postgres => {
                query("SELECT * FROM item WHERE id = $1 AND store_id = $2 FOR UPDATE")
            }
            Kind::Sqlite => query("SELECT * FROM item WHERE id = $1 AND store_id = $2"),
        };
        self.maybe(sql.bind(id.to_string()).bind(store.to_string())).await
    }

    /// Puts an item at a place on the shelf.
    pub async fn place_item(
        &mut self,
        store: &StoreId,
        id: &ItemId,
        position: i64,
    ) -> Result<(), DbError> {
        let sql = query("UPDATE item SET position = $3 WHERE id = $1 AND store_id = $2");
        self.run(sql.bind(id.to_string()).bind(store.to_string()).bind(position)).await?;
        Ok(())
    }

    /// Adds an item, or changes one of the same merchant. False if another item of the store has
    /// the barcode.
    pub async fn save_item(&mut self, item: &Item) -> Result<bool, DbError> {
        let taken =
            query("SELECT COUNT(*) FROM item WHERE store_id = $1 AND barcode = $2 AND id <> $3");
        let taken = taken.bind(item.store_id.to_string()).bind(item.barcode.clone());
        if self.one::<(i64,)>(taken.bind(item.id.to_string())).await?.0 > 0 {
            return Ok(false);
        }
        let sql = query(
            "INSERT INTO item (id, merchant_id, store_id, category_id, name, price, tax_bp,
                 tax_inclusive, barcode, sold_out, retired, position)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (id) DO UPDATE SET category_id = excluded.category_id,
                 name = excluded.name, price = excluded.price, tax_bp = excluded.tax_bp,
                 tax_inclusive = excluded.tax_inclusive, barcode = excluded.barcode,
                 sold_out = excluded.sold_out, retired = excluded.retired,
                 position = excluded.position
             WHERE item.merchant_id = excluded.merchant_id AND item.store_id = excluded.store_id",
        );
        let item = item.clone();
        let sql = sql.bind(item.id.to_string()).bind(item.merchant_id.to_string());
        let sql = sql.bind(item.store_id.to_string()).bind(item.category_id).bind(item.name);
        let sql = sql.bind(item.price).bind(item.tax_bp).bind(item.tax_inclusive);
        let sql = sql.bind(item.barcode).bind(item.sold_out).bind(item.retired);
        let touched = self.run(sql.bind(item.position)).await?;
        if touched == 1 { Ok(true) } else { Err(DbError::NotFound) }
    }
}

impl Db {
    /// The categories of a store in their order.
    pub async fn categories(&self, store: &StoreId) -> Result<Vec<Category>, DbError> {
        let sql = query("SELECT * FROM category WHERE store_id = $1 ORDER BY position, name, id");
        self.all(sql.bind(store.to_string())).await
    }

    /// A category of this store.
    pub async fn category(&self, store: &StoreId, id: &CategoryId) -> Result<Category, DbError> {
        let sql = query("SELECT * FROM category WHERE id = $1 AND store_id = $2");
        self.one(sql.bind(id.to_string()).bind(store.to_string())).await
    }

    /// The items of a store that are sold, in shelf order.
    pub async fn items(&self, store: &StoreId) -> Result<Vec<Item>, DbError> {
        let sql = query(
            "SELECT * FROM item WHERE store_id = $1 AND retired = 0 ORDER BY position, name, id",
        );
        self.all(sql.bind(store.to_string())).await
    }

    /// Those of some items that the store sells; the rest of a long shelf is not read.
    pub async fn items_sold(&self, store: &StoreId, ids: &[&str]) -> Result<Vec<Item>, DbError> {
        let mut sold = Vec::new();
        for some in ids.chunks(AT_ONCE) {
            let mut sql = query(
                "SELECT * FROM item WHERE store_id = $1 AND retired = 0
                     AND id IN ($2, $3, $4, $5, $6, $7, $8, $9)",
            );
            sql = sql.bind(store.to_string());
            for place in 0..AT_ONCE {
                sql = sql.bind(some.get(place).map(|id| (*id).to_owned()));
            }
            sold.extend(self.all::<Item>(sql).await?);
        }
        Ok(sold)
    }

    /// The items of a store that are no longer sold, by name.
    pub async fn retired_items(&self, store: &StoreId) -> Result<Vec<Item>, DbError> {
        let sql = query("SELECT * FROM item WHERE store_id = $1 AND retired = 1 ORDER BY name, id");
        self.all(sql.bind(store.to_string())).await
    }

    /// An item of this store, sold or retired.
    pub async fn item(&self, store: &StoreId, id: &ItemId) -> Result<Item, DbError> {
        let sql = query("SELECT * FROM item WHERE id = $1 AND store_id = $2");
        self.one(sql.bind(id.to_string()).bind(store.to_string())).await
    }
}
