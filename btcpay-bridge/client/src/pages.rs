//! Lists that the server gives in pages, as one stream.

use std::collections::HashSet;
use std::future::Future;

use futures_util::stream::{self, Stream, TryStreamExt};

use crate::Result;

/// Items of one page.
const TAKE: u32 = 100;

struct Place {
    skip: u32,
    last: HashSet<String>,
    ended: bool,
}

/// All items, fetched page by page as they are asked for. Something new at the server pushes the
/// list along under us, so an item that the page before held already is left out. That also ends
/// the stream at a server which knows no pages and gives everything each time.
pub(crate) fn all<T, F, Fut>(
    fetch: F,
    id: fn(&T) -> &str,
) -> impl Stream<Item = Result<T>> + Send + use<T, F, Fut>
where
    T: Send,
    F: Fn(u32, u32) -> Fut + Clone + Send,
    Fut: Future<Output = Result<Vec<T>>> + Send,
{
    let start = Place { skip: 0, last: HashSet::new(), ended: false };
    stream::try_unfold(start, move |place| {
        let fetch = fetch.clone();
        async move {
            if place.ended {
                return Ok(None);
            }
            let page = fetch(place.skip, TAKE).await?;
            let count = u32::try_from(page.len()).unwrap_or(u32::MAX);
            let ids = page.iter().map(|item| id(item).to_owned()).collect();
            let fresh: Vec<Result<T>> =
                page.into_iter().filter(|item| !place.last.contains(id(item))).map(Ok).collect();
            let ended = count < TAKE || fresh.is_empty();
            let next = Place { skip: place.skip.saturating_add(count), last: ids, ended };
            Ok(Some((stream::iter(fresh), next)))
        }
    })
    .try_flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    async fn collected(count: usize, knows_pages: bool) -> Vec<String> {
        let everything: Vec<String> = (0..count).map(|n| n.to_string()).collect();
        let fetch = move |skip: u32, take: u32| {
            let (skip, take) = if knows_pages { (skip, take) } else { (0, u32::MAX) };
            let page = everything.iter().skip(skip as usize).take(take as usize);
            std::future::ready(Ok(page.cloned().collect::<Vec<_>>()))
        };
        all(fetch, |id: &String| id.as_str()).try_collect().await.unwrap()
    }

    #[tokio::test]
    async fn every_item_comes_once() {
        for count in [0, 1, 99, 100, 101, 250] {
            for knows_pages in [true, false] {
                let got = collected(count, knows_pages).await;
                assert_eq!(got.len(), count, "{knows_pages}");
                assert_eq!(got.iter().collect::<HashSet<_>>().len(), count);
            }
        }
    }
}
