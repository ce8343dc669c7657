//! What the server prints when it starts: where it is, and how to get in the first time.

use super::{AccessError, pairing, sample, setup, sign_in};
use crate::app::App;
use crate::db::till::Till;

/// The greeting. In a practice installation it makes the sample café at the first start, and each
/// time a link that signs its owner in once; elsewhere, until somebody opened shop, it holds the
/// code for that.
pub async fn hello(app: &App) -> Result<String, AccessError> {
    let mut lines = vec![String::new(), format!("  pos-server   {}", app.config.public_url)];
    if app.config.sandbox {
        practice(app, &mut lines).await?;
    } else if let Some(code) = setup::setup_code(app).await? {
        let url = &app.config.public_url;
        lines.push(format!("  Open shop    {url}/start?code={code}   (once)"));
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

async fn practice(app: &App, lines: &mut Vec<String>) -> Result<(), AccessError> {
    lines.push("  Practice money: nothing here is real".into());
    let made = sample::make_sample_cafe(app).await?;
    if let Some(owner) = app.db.first_owner().await? {
        let link = sign_in::once_link(app, &owner).await?;
        lines.push(format!("  Dashboard    {link}   (once, within 15 minutes)"));
        let stores = app.db.stores(&owner.merchant_id).await?;
        if let Some(store) = stores.iter().find(|store| store.practice()) {
            let tills = app.db.tills(&store.id).await?;
            if let Some(till) = tills.into_iter().find(|till| till.retired == 0) {
                lines.push(till_line(app, &till).await?);
            }
        }
    }
    if let Some(made) = made {
        lines.push(format!("  Owner        {}, password {}", made.owner.email, made.password));
        let pins: Vec<String> =
            made.pins.iter().map(|(name, pin)| format!("{name} {pin}")).collect();
        lines.push(format!("  PINs         {}", pins.join(", ")));
    }
    Ok(())
}

async fn till_line(app: &App, till: &Till) -> Result<String, AccessError> {
    let mut tx = app.db.begin().await?;
    let code = pairing::new_code(&mut tx, till, app.now()).await?;
    tx.commit().await?;
    let url = &app.config.public_url;
    Ok(format!("  Till         {url}/pair?code={}   (once, within 10 minutes)", code.code))
}
