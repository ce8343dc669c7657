//! Pages with little on them.

use anyhow::Result;
use askama::Template;
use pos_server::web::page::part::Person;
use pos_server::web::page::practice_wallet::{PracticeWalletHtml, Said};
use pos_server::web::page::till_data::CurrencyData;
use pos_server::web::page::tip::{TipHtml, TipOffer};
use pos_server::web::page::{MessageHtml, PairHtml, Shell, UnlockHtml};

use crate::{Page, shell};

pub(crate) fn pages() -> Result<Vec<Page>> {
    Ok(vec![
        ("pair".into(), pair(None).render()?),
        (
            "pair-wrong".into(),
            pair(Some("That code is not good any more. Ask the owner for a new one.")).render()?,
        ),
        ("unlock".into(), unlock(None).render()?),
        ("unlock-wrong".into(), unlock(Some("That PIN is not right. 2 tries left.")).render()?),
        ("tip".into(), tip()?.render()?),
        ("message".into(), message().render()?),
        ("wallet".into(), wallet(None).render()?),
        ("wallet-said".into(), wallet(Some("Paid 14,595 sats.")).render()?),
    ])
}

fn pair(error: Option<&str>) -> PairHtml {
    PairHtml {
        shell: Shell { shop: "pos-server".into(), ..shell("Pair this tablet") },
        csrf: "csrf".into(),
        code: if error.is_some() { "7KQ2-9XTB".into() } else { String::new() },
        error: error.map(Into::into),
    }
}

fn unlock(error: Option<&str>) -> UnlockHtml {
    let person = |id: &str, name: &str, initials: &str| Person {
        id: id.into(),
        name: name.into(),
        initials: initials.into(),
    };
    UnlockHtml {
        shell: shell("Locked"),
        csrf: "csrf".into(),
        till: "Counter 1".into(),
        staff: vec![
            person("1", "Keisha", "KB"),
            person("2", "Omar", "OW"),
            person("3", "Miss Pryce", "MP"),
            person("4", "Alexandria-Josephine", "AJ"),
        ],
        chosen: error.map(|_| "1".into()),
        error: error.map(Into::into),
        notice: error.is_none().then(|| "Signed out. The sale is kept.".into()),
        next: if error.is_none() { "/till/sales/s1".into() } else { "/till".into() },
    }
}

fn tip() -> Result<TipHtml> {
    let offer = |bp: u32, amount: &str, makes: &str| TipOffer {
        value: format!("bp:{bp}"),
        words: format!("{}%", bp / 100),
        amount: amount.into(),
        makes: makes.into(),
    };
    Ok(TipHtml {
        shell: shell("Tip"),
        csrf: "csrf".into(),
        cart: "{}".into(),
        key: "key".into(),
        who: "Keisha".into(),
        bill: "J$4,005.00".into(),
        offers: vec![
            offer(1_000, "J$400.50", "J$4,405.50"),
            offer(1_500, "J$600.75", "J$4,605.75"),
            offer(2_000, "J$801.00", "J$4,806.00"),
        ],
        currency: CurrencyData::of(&"JMD".parse()?),
        error: None,
    })
}

fn message() -> MessageHtml {
    MessageHtml::our_fault(shell("Something went wrong"), "7F3K".into(), "/till".into())
}

fn wallet(said: Option<&str>) -> PracticeWalletHtml {
    PracticeWalletHtml {
        shell: shell("Practice wallet"),
        invoice: if said.is_some() { String::new() } else { "LNBCRT145950N1".into() },
        sats: "14,595 sats".into(),
        memo: "Blue Mahoe Café".into(),
        csrf: "csrf".into(),
        said: said.map(|words| Said { done: true, words: words.into() }),
    }
}
