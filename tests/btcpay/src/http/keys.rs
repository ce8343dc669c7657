//! The key that is asking, and whose it is.

use serde_json::{Value, json};

use super::call::{Answer, Call, ok};
use crate::world::World;

pub(super) fn current(call: &mut Call<'_>) -> Answer {
    ok(call.key.json())
}

pub(super) fn revoke(call: &mut Call<'_>) -> Answer {
    call.world.keys.retain(|key| key.key != call.key.key);
    ok(call.key.json())
}

pub(super) fn me(call: &mut Call<'_>) -> Answer {
    ok(user(call.world))
}

pub(super) fn user(world: &World) -> Value {
    json!({
        "id": world.user,
        "email": "owner@example.com",
        "name": "The owner",
        "imageUrl": null,
        "emailConfirmed": true,
        "requiresEmailConfirmation": false,
        "approved": true,
        "requiresApproval": false,
        "created": null,
        "disabled": false,
        "roles": ["ServerAdmin"],
    })
}
